import { type ReactNode, useState } from 'react'
import { useStore } from '../../src/client/react.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { choicesOf, choose, looks, SIZES } from '../state/looks.ts'
import { chooseTheme, chosenTheme, type Theme, themes } from '../state/theme.ts'
import { Choice } from '../ui/choice.tsx'
import css from './parts.module.css'

/** How the page looks in this browser. */
export function Appearance() {
  const { t } = useTranslation()
  const [theme, setTheme] = useState<Theme>(chosenTheme)
  const { size } = useStore(looks)
  return (
    <>
      <Part title={t('settings.theme')}>
        <Choice
          label={t('settings.theme')}
          options={themes.map((value) => ({ value, text: t(`settings.${value}`) }))}
          value={theme}
          onChoose={(chosen) => {
            setTheme(chosen)
            chooseTheme(chosen)
          }}
        />
      </Part>
      <Part title={t('looks.density')}>
        <LookChoice name="density" />
      </Part>
      <Part title={t('looks.size')}>
        <label className={css.slider}>
          <span aria-hidden="true" className={css.small}>
            A
          </span>
          <input
            type="range"
            aria-label={t('looks.size')}
            aria-valuetext={t('looks.pixels', { count: size })}
            min={SIZES.least}
            max={SIZES.most}
            step={1}
            value={size}
            onChange={(event) => choose('size', event.target.valueAsNumber)}
          />
          <span aria-hidden="true" className={css.large}>
            A
          </span>
          <output className={css.quiet}>{size}</output>
        </label>
      </Part>
      <Part title={t('looks.clock')}>
        <LookChoice name="clock" />
      </Part>
      <Part title={t('looks.motion')}>
        <LookChoice name="motion" />
      </Part>
      <Part title={t('looks.enter')}>
        <LookChoice name="enter" />
      </Part>
    </>
  )
}

const Part = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <section className={css.section}>
    <h3>{title}</h3>
    {children}
  </section>
)

function LookChoice({ name }: { readonly name: 'density' | 'clock' | 'motion' | 'enter' }) {
  const { t } = useTranslation()
  const all = useStore(looks)
  const options: readonly string[] = choicesOf(name)
  return (
    <Choice
      label={t(`looks.${name}`)}
      options={options.map((value) => ({ value, text: t(`looks.${name}_${value}` as 'looks.density_cosy') }))}
      value={all[name]}
      onChoose={(value) => choose(name, value as never)}
    />
  )
}
