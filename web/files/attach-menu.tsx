export { ActionMenu as default } from '../ui/action-menu.tsx'
