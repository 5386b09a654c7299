import { brotliDecompressSync } from 'node:zlib'
import { COMMONEST } from './commonest.ts'

/** Whether attackers try it first, in whatever case. */
export const isCommonPassword = (password: string): boolean => {
  const lower = password.toLowerCase()
  return isOneCharacter(lower) || commonest.has(lower) || listed().has(lower)
}

let list: ReadonlySet<string> | undefined
/** Unpacked when it is first asked for. */
const listed = (): ReadonlySet<string> => (list ??= new Set(brotliDecompressSync(Buffer.from(COMMONEST, 'base64')).toString().split('\n')))

const isOneCharacter = (text: string) => new Set(text).size === 1

/** Of at least eight characters: the shorter ones are refused for their length. */
const commonest: ReadonlySet<string> = new Set(
  `
  12345678 123456789 1234567890 12345678910 0123456789 01234567 012345678 123456789a 123456789q a123456789 q123456789 a12345678
  q12345678 12345678a 12345678q 87654321 987654321 9876543210 0987654321 098765432 12341234 123412345 12344321 123454321 12121212
  1212121212 13131313 11223344 1122334455 112233445566 11112222 11223300 11221122 00112233 10101010 20202020 12312312 123123123
  123123123123 123321123 321321321 123321456 123456123 123456654321 12345654321 1234554321 123456123456 1234567891 12345678901
  123456781 123456782 123456787 123456788 123456798 1234567899 12345679 123457890 135792468 1357924680 147258369 1472583690
  147852369 159357456 159753456 159753852 159951159 789456123 789456123a 7894561230 963852741 456789123 741852963 852456852
  14789632 147896325 124578963 142536475869 741852741 78945612 456123789 321654987 369258147 100200300 01020304 0102030405
  010203040506 11111112 111222333 111222333444 123654789 123698745 12369874 31415926 314159265 3141592654 27182818 20002000
  19841984 19851985 19861986 19871987 19881988 19891989 19901990 19911991 19921992 19931993 19941994 20012001 20102010 20202021
  11235813 112358132 1234abcd 1234qwer 12345qwe 12345abc 123456ab 123456aa 123456qw 1234567a 1234567q 1234567z 123456qwe 123456abc
  123456asd 123456qwerty 12345qwert 123qweasd 123qweasdzxc 123qwe123 123qwe123qwe 123qwe456 123asd123 123abc123 123abc456 12qwaszx
  12qw34er 12qwerty 1a2b3c4d 1a2b3c4d5e 1a2s3d4f 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q1q1q1q
  1qaz1qaz 1qaz2wsx 1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz@wsx 1qazxsw2 1qazxsw23edc 1qw23er4 1qwerty1 2wsx3edc 3edc4rfv 4rfv5tgb
  qazwsx123 qazwsx12 qazwsxedc qazwsxedcrfv qazxswedc qazxsw21 qazxsw123 zaq12wsx zaq1zaq1 zaq1xsw2 zaq!2wsx zaqwsxcde q1w2e3r4
  q1w2e3r4t5 q1w2e3r4t5y6 q1w2e3r4t5y6u7 qwer1234 qwer12345 qwer4321 qwert123 qwert1234 qwert12345 qwerty12 qwerty123 qwerty1234
  qwerty12345 qwerty123456 qwerty1234567 qwerty21 qwerty321 qwerty77 qwerty78 qwerty88 qwerty99 qwertyqwerty qwertyui qwertyuio
  qwertyuiop qwertyuiop123 qwertyuiop1 qwertyasdf qwertyasdfgh qwertzui qwertzuiop azertyui azertyuiop azerty123 qweasdzxc
  qweasdzxc123 qweqweqwe qweasd123 qwe123qwe qwe12345 qwe123456 qweqwe123 qweewqqwe asdfghjk asdfghjkl asdfghjkl123 asdfgh123
  asdfg123 asdfg12345 asdf1234 asdf12345 asdfasdf asdfasdf1 asdasdasd asd12345 asd123456 asd123asd asdqwe123 asdzxc123 zxcvbnm1
  zxcvbnm12 zxcvbnm123 zxcvbnm, zxcvbnm,./ zxcv1234 zxcvzxcv zxcvb123 zxc123zxc zxcasdqwe zxcasdqwe123 poiuytrewq lkjhgfdsa
  mnbvcxz1 mnbvcxz123 abcd1234 abcd12345 abcdefgh abcdefghi abcdefghij abcdefg1 abcdefg123 abcde123 abcde12345 abc12345 abc123456
  abc1234567 abc12345678 abc123abc abcabcabc abc123def a1b2c3d4 a1b2c3d4e5 a1s2d3f4 a1s2d3f4g5 aa123456 aa12345678 aa112233
  aaa12345 aaa123456 aaaa1111 ab123456 ad123456 as123456 aq123456 q1234567 q123456q a1234567 a123456a a123456b qq123456 qq12345678
  z1234567 z123456789 zz123456 zxc12345 zxc123456 w1234567 s1234567 s12345678 m1234567 k1234567 x1234567
  password password1 password12 password123 password1234 password12345 password123456 password01 password02 password11 password2
  password21 password22 password3 password321 password4 password5 password6 password69 password7 password77 password8 password88
  password9 password99 password00 password! password1! password12! password123! password@ password@1 password@123 password#1
  password. password1. passwords passwordpassword passwort passwort1 passw0rd passw0rd1 passw0rd123 passw0rd! p@ssw0rd p@ssw0rd1
  p@ssw0rd123 p@ssw0rd! p@ssword p@ssword1 p@ssword123 p@55w0rd p4ssw0rd p4ssword pa55word pa55w0rd pa$$word pa$$w0rd pass1234
  pass12345 pass123456 pass@123 pass@1234 pass@word1 passpass passport passphrase mypassword mypassword1 mypass123 thepassword
  newpassword newpassword1 newpass123 oldpassword yourpassword nopassword password2020 password2021 password2022 password2023
  password2024 password2025 drowssap contraseña motdepasse wachtwoord wachtwoord1 senha123 senha1234 hasło123 haslo123 parola123
  parol123 parol1234 пароль12 пароль123 пароль1234 парольпароль йцукенгш йцукенгшщз йцукенгшщзхъ йцукен123 йцукен12 фывапролд
  фывапролджэ ячсмитьбю qwertyйцукен любовь123 наташа123 привет123 gfhjkm123 gfhjkmgfhjkm ghbdtn123 yfnfif123 vfrcbvrf cjkysirj
  rjhjktdf jrcfyfrf fktrcfylh dfktynbyf gfhjkm12 qwertyuiop[] qwertyuiop[]\\
  admin123 admin1234 admin12345 admin123456 admin123! admin@123 admin@1234 adminadmin admin888 admin2020 admin2021 administrator
  administrator1 root1234 rootroot root12345 toor1234 superuser superadmin sysadmin user1234 user12345 username username1 useruser
  guest123 guest1234 guestguest test1234 test12345 test123456 test123! test@123 testtest testtest1 tester123 testing1 testing12
  testing123 test1test testpass testpassword demo1234 demodemo default1 default123 changeme changeme1 changeme123 changeme! changeit
  letmein1 letmein12 letmein123 letmein! letmeinnow letmeinplease letmein2 login123 login1234 loginlogin secret12 secret123
  secret1234 secret12345 topsecret access14 access123 access1234 welcome1 welcome12 welcome123 welcome1234 welcome01 welcome2
  welcome! welcome1! welcome@1 welcome@123 welcome2020 welcome2021 welcome2022 welcome2023 welcome2024 welcomehome temp1234
  temppass temporary trustno1 trustno1! trustnoone master123 master12 master1234 mastermaster masterkey hello123 hello1234
  hello12345 hello123! hellohello helloworld helloworld1 hellokitty hellokitty1 whatever whatever1 whatever123 nothing1 nothing123
  blink182 blahblah blahblah1 bullshit asshole1 asshole123 fuckyou1 fuckyou12 fuckyou123 fuckyou2 fuckyou! fuckoff1 fuckfuck
  fuckme69 motherfucker iloveyou iloveyou1 iloveyou12 iloveyou123 iloveyou2 iloveyou3 iloveyou! iloveyou22 iloveyou7 iloveyouso
  iloveu12 iloveu123 iloveme1 ilovegod ilovejesus ilovemom ilovemyself iloveboys ilovemydog ilovemyfamily loveyou1 loveyou123
  loveyou2 loveme12 loveme123 lovelove lovelove1 lovely12 lovely123 loverboy lovergirl lover123 loveforever foreverlove forever1
  forever21 forever2 forever123 sweetheart sweetie1 sweetpea princess princess1 princess12 princess123 princess2 prince123
  princesa princesa1 sunshine sunshine1 sunshine12 sunshine123 sunshine2 sunflower sunflower1 rainbow1 rainbow123 butterfly
  butterfly1 butterfly123 butterfly2 football football1 football12 football123 footballer baseball baseball1 baseball123
  basketball basketball1 basketball123 softball softball1 volleyball swimming soccer12 soccer123 hockey12 hockey123 superman
  superman1 superman12 superman123 batman12 batman123 spiderman spiderman1 spiderman123 wolverine ironman1 ironman123 starwars
  starwars1 starwars123 startrek pokemon1 pokemon12 pokemon123 pikachu1 pikachu123 minecraft minecraft1 minecraft123 fortnite
  fortnite1 fortnite123 playstation playstation2 playstation3 gamecube nintendo nintendo1 warcraft warcraft1 starcraft counterstrike
  michael1 michael12 michael123 michelle michelle1 michelle123 jennifer jennifer1 jennifer123 jessica1 jessica12 jessica123
  jonathan jonathan1 jonathan123 jordan12 jordan123 jordan23 jordan2323 alexander alexander1 alexandra alexandr alexander123
  alejandro alejandra benjamin benjamin1 brandon1 brandon123 brittany brittany1 caroline caroline1 charlie1 charlie12 charlie123
  charlie2 charlotte charlotte1 christian christian1 christina christina1 christine christopher christopher1 cristina cristian
  danielle danielle1 daniel12 daniel123 daniela1 david123 david1234 elizabeth elizabeth1 fernando fernanda francesco francisco
  gabriela gabriel1 gabriella giovanni isabella isabella1 isabelle jasmine1 jasmine123 joshua12 joshua123 katherine kimberly
  kimberly1 lawrence leonardo lorenzo1 madison1 madison123 margaret margarita mariposa matthew1 matthew123 melissa1 mercedes
  mercedes1 mohammed mohamed1 muhammad natalie1 nicholas nicholas1 nicole12 nicole123 patricia patricia1 patrick1 patrick123
  rebecca1 robert12 robert123 samantha samantha1 samantha123 scarlett sebastian sebastian1 stephanie stephanie1 stephen1 steven12
  thomas12 thomas123 valentin valentina valentina1 vanessa1 veronica veronica1 victoria victoria1 victoria123 vladimir william1
  william123 zachary1 anthony1 anthony123 andrew12 andrew123 ashley12 ashley123 amanda12 amanda123 anderson angelina angelica
  angel123 angel1234 angels123 hannah12 hannah123 taylor12 taylor123 justin12 justin123 natasha1 natasha123 marina123 tatiana1
  tinkerbell tinkerbell1 chocolate chocolate1 chocolate123 cookie12 cookie123 cheese12 cheese123 banana12 banana123 strawberry
  strawberry1 cupcake1 pumpkin1 pumpkin123 peanut12 peanut123 pineapple pineapple1 coffee123 cocacola cocacola1 computer computer1
  computer12 computer123 computer2 internet internet1 internet123 keyboard samsung1 samsung12 samsung123 microsoft microsoft1
  google12 google123 facebook facebook1 facebook123 youtube1 youtube123 twitter1 linkedin instagram instagram1 android1 iphone123
  windows1 windows10 linux123 ubuntu123 oracle123 cisco123 mustang1 mustang123 corvette corvette1 ferrari1 ferrari123 porsche1
  porsche911 mercedes123 yamaha123 suzuki123 harley123 dragon12 dragon123 dragon1234 dragonball dragonball1 dragonballz monkey12
  monkey123 monkey1234 monkeys1 tiger123 tiger1234 shadow12 shadow123 shadow1234 phoenix1 phoenix123 unicorn1 unicorn123 kittycat
  kittykat kitty123 snowball snowball1 snoopy123 scoobydoo scooby123 flower12 flower123 flowers1 garfield garfield1 maverick
  maverick1 midnight midnight1 midnight123 moonlight moonlight1 sunnyday summer12 summer123 summer01 summer2019 summer2020
  summer2021 summer2022 summer2023 summer2024 summer2025 winter12 winter123 winter2019 winter2020 winter2021 winter2022 winter2023
  winter2024 winter2025 spring123 spring2020 spring2021 spring2022 spring2023 spring2024 spring2025 autumn123 autumn2020
  autumn2021 autumn2022 autumn2023 autumn2024 november november1 december december1 september september1 february february1
  january1 october1 october10 saturday saturday1 thursday wednesday birthday birthday1 christmas christmas1 halloween america1
  america123 american canada123 california california1 newyork1 newyork123 london123 london12 paris123 germany1 germany123
  deutschland schalke04 schatz123 liverpool liverpool1 liverpool123 chelsea1 chelsea123 arsenal1 arsenal12 arsenal123 barcelona
  barcelona1 barcelona123 realmadrid realmadrid1 manchester manchester1 manunited manutd123 juventus juventus1 dallas123 cowboys1
  cowboys123 steelers steelers1 yankees1 yankees123 redskins eagles123 lakers24 lakers123 packers1 patriots patriots1 raiders1
  jesus123 jesus777 jesuschrist jesusislord jesuslovesme jesus4ever godisgood godisgood1 godislove blessed1 blessed123 bismillah
  krishna1 ganesha1 jaimatadi alhamdulillah freedom1 freedom123 security security1 security123 business business1 marketing
  marketing1 manager1 manager123 service1 service123 support1 support123 company1 company123 office123 student1 student123
  teacher1 teacher123 school123 college1 university mountain mountain1 diamond1 diamond123 gangster gangster1 gangsta1 babygirl
  babygirl1 babygirl12 babygirl123 babygirl2 babyboy1 babyboy123 babybaby babyface bestfriend bestfriends bestfriend1 bitch123
  bitches1 brooklyn brooklyn1 buster12 buster123 cutie123 cutiepie cutiepie1 daddy123 daddysgirl family123 friends1 friends123
  friendship goodluck goodluck1 happy123 happy1234 happiness happyday heaven123 killer12 killer123 killer1234 legend123 mommy123
  money123 money1234 monster1 monster123 pretty123 purple12 purple123 orange12 orange123 yellow123 green123 redbull1 silver123
  skateboard slipknot slipknot1 metallica metallica1 nirvana1 nirvana123 eminem123 linkinpark scorpion scorpion1 sexybitch sexygirl
  sexyboy1 sexy1234 sixtynine something something1 spongebob spongebob1 stargate stingray swordfish tequila1 terminator thunder1
  thunder123 toyota123 trouble1 turtle123 vampire1 warrior1 warrior123 wildcats winston1 zaqxsw123 zeppelin aaaaaaa1 aaaaaaaa1
  11111111a 11111111q 1111111a 111111aa 111111qq 111111111a asdf;lkj qwert!@#$% !qaz2wsx !qaz@wsx 1qaz!qaz !@#$%^&* !@#$%^&*()
  1234!@#$ qwer!@#$ abcd!234 abc@1234 abc@12345 india123 india@123 pakistan pakistan1 pakistan123 bangladesh indonesia malaysia
  philippines vietnam1 brasil123 mexico123 colombia argentina portugal england1 england123 scotland ireland1 australia australia1
  woaini520 woaini1314 5201314520 520131452 1314520520 a5201314 qq5201314 caonima1 wang1234 woaini123 anhyeuem
`
    .trim()
    .split(/\s+/),
)
