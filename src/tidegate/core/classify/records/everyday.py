"""Words so ordinary that they say nothing about a record, names among them that are words first (will, may, long).

Words that the texts in `corpora/ner` (CC-BY 4.0: BTC, WNUT 2017, wikigold) write in small letters four times and more,
outside of names, and what stands in the tables of businesses.
"""

_WORDS = """
a ability able abortion about above absolute absolutely abuse accept accepted access accident according account
accounts accurate accused achieve achieved achievement across act acting action actions active activists actor actress
actual actually ad add added adding addition additional address addresses addressing administration admit admits
adopted ads advance advanced advert advertising advice adviser affected afraid after afternoon again against age aged
agency agenda agent ages ago agree agreed agreement agrees ahaha ahead ahhh ai aid aimed aims aint air aircraft
airplane airport airspace airstrikes ako album albums alcohol alert alive all alleged allegedly allow allowed almost
alone along already also alternative although always am amateur amazing amid among amongst amount amusing an analogue
analysts ancient and angry animal animals anniversary announce announced announcement announces annoying annual
another answer answers anthem anxiety any anybody anymore anyone anything anyway anywhere app appeal appeals appear
appearances appeared appears apple applications apply appointment appreciate approach approaching approved
approximately apps are area areas argument arm arms army around arrest arrested arrival arrive arrived arsed article
articles artillery artist artists as ashamed ask asked asking asleep ass assault assembly assets assist assistance
associated association at ate atm atmosphere attached attack attacked attacks attempt attempted attend attended
attendees attending attention auction audience audio auf aunt authorities automatically autumn available avec avenue
average aviation avoid aw awake award awards aware away awesome awful awkward aww babies baby back background backs
bad badly badminton bag balance ball balls band bands bang bank banking banks banned bar barely barrels bars base
baseball based basic basically basis basketball bathroom battle bday be beach bearing beat beating beats beautiful
beauty became because become becomes becoming bed been before beg began begin beginning begins begs begun behalf
beheading behind bei being belief believe believed below belum benefit benefits best bet better between bicycles bid
big biggest bikes bill billion bin biology birds birth birthday bit bitch bitches bizarre black blame bless blog blood
bloody blown blue board boards boat bodies body bodyboarding bomb bombing bonus boo book booked books boom boost boots
border bored boring born both bottle bottom bought bout box boxer boxes boy boyfriend boys brain brains brand break
breakfast breaking breaks bridge briefing bright brilliant bring bringing brings bro broadcast broadcasting broke
broken brother brought btw budget build building built bullying bus buses business businesses bust busy but button
buttons buy buyers buying by ca cabinet cable calendar call called calling calls calm came camera camp campaign campus
can cancel cancelled cancer candidate candidates cannot cant capacity capital capture captured car card cards care
career careful carpet carried carrying cars case cash cast cat catch caught cause caused causes causing cave cbb
ceasefire celebrate celebrated celebrating cent center central centre century ceremony certain certainly chain chair
challenge challenges champion champions championship chance chances change changed changes changing channel character
charge charged charges charts chat che check checked cheer cheese chef chest chicken chief child childhood children
chill chips chocolate choice choices choose chose christmas church cigarettes circle circuit cities city civil claim
claiming claims clash class classic classical clean cleaning clear clearly click client climate climbing clips clock
close closed closer closes closing closure clothes cloud clouds club clubs co coach coaches coaching coal coast code
coffee cold collapse colleagues collection college collision colour com combat combination combo come comeback comedy
comes comfortable comin coming command commander commenced comment commentary commercial commissioner commit
commitment committee common community como companies company compared compete competition complain complete completed
completely composed composer compounds computer con concern concerns concert condition conditions condolences
conference confidence confident confirm confirmed confirms conflict confused congrats conjunction connected
consecutive consensus consider considered considering consists constantly constituency constructed consumer cont
contact content contest contested continue continued continues contract contributions control controlled controller
controversial convention conversation converted convoy cookies cooking cool copy corner corporate corporations correct
cos cost costs cottage cough could councillor councillors count countdown countries country county couple course
courses court courtesy cover coverage covered covering crap crash crashed crashes crazy cream create created creating
creative credit creditors credits crew cricket crime criminal crisis criticism critics crossing crowd crowds cry
crying cultural culture cunt cup current currently cus custody custom customer customers cut cute cuts cutting cuz
cycling da dad dads daily dairy damage damaged damn dance dancing danger dangerous dark das dat data database date
dates daughter daughters day days de dead deadline deadly deal deals dear death deaths debate debit debt debut debuted
decent decide decided decision decisions deck declared dedicated defamation default defeat defeated defence defend
defending defense defensive deficit definitely defunct degree degrees del delay delayed delays delete delicious
delivered delivery della dem demand demands demo democracy demolished demon den denial denied denies dentist
department depends depressing deputy der des describe described describes deserve design designer designs despite
destinations destroy destroyed detail details detained determine determined developed developing development device
devices devpt di diagnosed did didnt die died dies diet difference different difficult dig digital dinner direct
directed directly director dirty disappeared disaster discovered discuss discusses discussing discussion display
dispute distance distribution district divided division divorce dnt do doctor doctors document does dog dogs doin
doing domestic donated done dont door dos double doubt down downed download downpours dozens draft dream dreaming
dreams dress dressed dresses drink drinking drinks drive driven driver driving drop dropped droppin drops drove drug
drugs drummer drunk dry du duck dude due dunno during duty dying each earlier early ears earth earthquake easily east
eastern easy eat eaten eating economic economy edit edition editor edu education een effect effector effort efforts
eggs eh eight ein eine either el elected election elections electoral electrical electricity electronic elite else em
email emails embarked embarrassed embassy emergency emissions emotional emphasis employee empty en end ended ending
ends enemy energy engagement engine engineer enjoy enjoyed enjoying enough enter entered entertaining entire entirely
environment epic episode episodes equal equipment error es escape escaping especially essay est establish established
estimates et etc even evening event events eventually ever every everybody everyday everyone everything everywhere
evidence exact exactly exam example exams excellent exchange excited exciting exclusion exclusive exclusively
excursion executed exercise exhausted exist existence expanded expect expectations expected expecting expensive
experience experienced experiences expert experts expired explain explained explains explanation exploded exploring
explosion exposed express extended extension external extra extremely eye eyes fab fabulous face facebook faced faces
facility facing fact factory facts fail failed fails failure fair fall falling falls false families family famous fan
fans fantastic fantasy far farmers farming fashion fast faster fat fatal father favorite favorited favour favourite fb
fear fears feature featured features featuring feb federal fee feedback feel feeling feelings feels feet fell fellow
felt female festival fetus few ff field fifth fight fighter fighters fighting fights figure figures file filed fill
filled fills film filmed filming films filter final finally finance financial find finding findings finds fine fined
finish finished finishing fire fired firm first fiscal fish fitness fitted five fix fixed flag flags flank flash flat
flight flights float flooding floor fly flying focus foi folks follow followed followers following follows food
foolish foot footage football footballer for force forced forces forecast foreign forever forget forgot forgotten form
format formed former forms forward fought found founded founder founding four fourth frame franchise free freedom
freestyle freeze freezing freight friday friend friends from front fuck fucked fuckin fucking full fully fun funding
funeral funny further future ga gain gallery game gamemode gameplay games garage garden gas gathering gauge gave
general get gets gettin getting giant gift gig girl girlfriend girls give given gives giving glad gli global gmail
gmbh go goal goals god goes goin going gold golf gon gone gonna good goodbye goodness gorgeous got gotta gov
government govt grade grads granite granted great greater greatest grew ground grounds group groups grow growing
growth gt guess guessing guest guide guilt guilty guitar guitarist guitarists guitars guns gusto guy guys gym ha had
haha hahah hahaha hahahaha hail hair haircut half halt hand handed hands hang hanging happen happened happening
happens happier happiness happy hard harder hardest harvest has hat hate have havin having he head headache headed
heading headline headphones heads health hear heard hearing hears heart heavy heavyweight heels hehe held hell hello
help helped helping helps her here herself hey hi high higher highest highly hilarious him himself hip his historic
history hit hits hmmm hockey hoje hold holding holds hole holiday holla holy home homes homework homie honestly honey
honeymoon honor honored honour honours hope hopefully hopes hoping horrible hospital hospitals host hostage hosted
hosting hot hotel hotels hour hours house houses housing how however hows http https huge human hundred hungry hurt
hurting hurts husband hyped i ice idea ideal ideas identified idiot if ignored ik il ill illegal im image images
imagine imma immediate immediately immigrants immigration impact importance important impossible impressed improve
improved in inactive inc incident include included includes including income increase increased increasing incredible
indeed independence independent index individual indoor industrial industry infamous infected influenced info
information informed injured injuries injury inmates inner inquest inquiry inside inspiration inspired instagram
instead intense interest interested interesting internal international internet intervention interview interviewed
interviews into intro introduced invalid investigated investigating investigation investment invited invoice involved
involving is island isnt issue issued issues ist it item items its itself ive ja jackpot jazz jealous jeans job jobs
join joined joining joins joint joke jokes journalism journalist journalists judge jump jumping jury jus just
justsaying ka keep keeping keeps kept key kick kicked kicks kid kids kill killed killing kills kind kinda kinds
kitchen km knew knife kno knocked know knowing knowledge known knows la lab label labels laboratory lack ladies lads
laid land landmark lands lane language languages laptop large largest las last late later latest latter laugh laughing
launch launched launches launching law laws lawsuit lay lazy le lead leader leaders leadership leading leads league
learn learned learning least leave leaves leaving lecture lecturer led left leg legal legend legislation legislature
legs les less lesson let lets letter level library lick life lifetime lifts light lightning lights like liked likely
likes lil limit limited line lines lineup link linked links list listen listened listening listings literally literary
little live lived lives living ll llc lmao lo load loads local located location locomotive logic login logo lol long
longer look looked looking looks loool loop los lose losers loses losing loss losses lost lot lots loud love loved
lovely low lower lowest lt ltd luck lunch luv lying lyrics machine mad made magazine magic mail main mainly major
majority make makes makeup making male man manage managed manager manner many map maps march marchar marijuana market
marketing markets marriage married masonry mass massive match matches material mates matter matters may maybe mayor me
meal meals mean meaning means meant measure media medical medicine meet meeting meetings meets meltdowns member
members memory men mental mention merged mess message messages messed met metal mi mid middle midnight might miles
militants military milk million millions mind minds mine mini minimum minister ministry mins minute minutes miss
missed missile missing mission mistake mit mix mobile mode model models modern mom moment moments momma mommy mon
monday money monkeys month monthly months mood more morning mornings mortgage most mother mothers motto mouth move
moved movement moves movie movies moving much mug mum municipality murder murdered music musical musicians must my
myself na name named names nap nation national nations native natural nature naval near nearby nearest nearly
necessary need needed needs negative neighbourhood neighbours neither net network networking never new news newspaper
next ng nice nicht nigga night nightlife nights nine no nobody noise nom nominated non none noon normal normally north
northbound northern nose not note notes nothing notice noticed notices novel november now nowhere nowplaying nuclear
nuh null number numbers numerous nurse nyt o obesity obsessed obtained obviously occurred oder of off offence
offensive offer offered offering offers office officer officers official officially officials often oh ohh oi oil ok
okay old older oldest omg on once one ones ongkir ongoing online only onto open opened opening opens operated
operating operation operations opinion opportunity opposed option or order ordered orders ordinary org organic
organization organizations organized original originally other others otherwise ou our out outbreak outcome outfit
outlines outrage outside over overall overdue overnight overseas own owned owner owners pa packed page paid pain
painted pair pairs panel panic pants paper par para parade parents parish parking part participated particular
particularly parties partner partnership parts party pas pass passed passenger passengers passes passing passion past
patient patron pay paying payment payments pays peace peak penalty pencil pending people per percent perfect perform
performance performances performed performing perhaps period person personal personality personnel pet petition
petitioning phone phones photo photography photos phrase physical pianist piano pic pick picked picks pics picture
pictures piece pin piss pissed pitcher pizza place places plan plane planes planet planned planning plans plant plate
play played player players playing plays plea please pleased pleasure plenty pls plus pm poem poet point pointed
pointless points poker police policies policy political politician politicians politics poll polls pool poor pop
popular population por porn position positions positive possible possibly post posted poster posting posts potential
pour power powerful ppl practice pray prayer preacher pregnant premier premiere prepared preparing presence present
presented presents president press pressure pretty prevent preview previous previously prices pride primary prime
print printed printer prison privacy private prize prizes pro probably probe problem problems procedure proceed
process produce produced produces producing product production productive products professional professionals
professor profit profits program programme programs progress project projects promise promised promises promote
promoting promotion proper properly property pros protect protected protecting protection protest proud prove proved
provide provided provides province pub public published pull pulled pulling pulls punk pupils puppy purchase purchased
push put puts putting quality quarter quarterly que question questions queue quick quickly quiet quit quite quits quiz
quote quotes race races racing racism racist radar radio rail railroad railway rain raise raised raises ran range
ranked rate rated rates rather ratings re reach reached reaction read reading ready real realise realised realist
realize really reason reasons rebel rebels rebuilt recall recalls receive received recent recently recognise
recognized record recorded recording records recovery recruiting red reduce reelected ref refer reference referendum
reflects reform refused refuses regiment region regional register regret regular regulator rehabilitation reject
rejected rejects related relation relationship relax release released releases relief remain remained remaining
remains remarkable remember remembered remind reminds remix remove removed renamed renewal reorganized repeat replace
replaced reply report reported reportedly reporter reporters reporting reports request requests required rescue
research residents resign resignation resistance resolution resolved respect respond responded response responsible
rest restaurant result resulting results resume retail retired retirement return returned returning returns retweet
reveal revealed reveals revenue reverse review reviews revision revolt revolution ride riders ridiculous riding right
rights ring rise rises rising risk river road rock rocket role rolling romance romantic room roster roughly round
route routes row royal rubbish rugby rule rules ruling run running runs sa sad sadly safe safely safety said saint
sake sale sales salsa same sanctions sand sat satellite saturday save saw say saying says scale scandal scared scene
scenes schedule scheduled scheme school schools science scientific scientist scientists score scored scores scoring
scrapped screaming screen script scroll se sea search season seasons seat seats second seconds secret secretly section
sector secure security see seeing seek seem seems seen sees select selected self sell selling sells semester send
sending sends senior sense sent sentenced separate separatists ser series serious seriously serve served service
services serving session sessions set sets setting settlement seven several severe sex sexual sexy shake shall shallow
shame shape share shared shares shark she shelter shes shift shining shipped shirt shit shock shocked shocking shoes
shoot shooting shop shopping short shortly shorts shot should shout show showed shower showers showing shown shows
shut sick side sides siding sight sign signal signals signed significant signing signs silence silly similar simple
simply since sind singer singing single singles sir sister sisters sit site sites sitting situated situation six size
skies skills skin skinny sleep sleeping slept slightly slow slowly slut small smaller smell smh smile smoke smoking
snap sneak so soccer social society socks sofa software sold soldier soldiers solution some somebody someone something
sometimes somewhere son song songs sons sont soon sooo sooooo sorry sort soul sound sounds soundtrack source sources
south southbound southern space spare speak speakers speaking speaks special species specific speech speed spend
spending spent spit split spoke spokesman sponsored sport sports spot spread spring spur spurs squad square staff
stage stages stand standard stands star stars start started starter starting starts state stated statement states
station stations status stay staying steel step steps stick still stolen stop stopped stops store stores stories story
straight strange strategic strategy street strength stress stressful strike striker strikes strong stronger struck
struggle stuck student students studied studio study stuff stupid style subject subsequently success successful such
suck sucks suicide suit sum summer summit sun sunday super supply support supported supporter supporters supporting
supportive supports suppose supposed sur sure surely surf surfer surfing surgery surprise surprised surprising
surveillance survived sushi suspect suspicion swear sweat sweet swimming swing switch switched sympathy system systems
ta table tables tackle tailgate take taken takes taking talent talented talk talkback talkin talking talks tapes
target targets task taste tastes tattoo taught tax tbh te tea teach teacher teachers teaching team teams tears
technologies technology tee teen teenager teens teeth television tell telling tells temple ten tend tennis term terms
terrible territory terror test testifies testimony tests text texts tha than thank thanks that thats the theatre thee
their them theme themselves then theory there these they thick thing things think thinking thinks third this tho those
though thought thoughts thousand thousands threat threats three threw throat through throughout throw tht thunder
thursday thus ticket tickets tie tight til till time times tip tips tired title titles tmro to toast today together
toilet told toll tomorrow tongue tonight tonite too took tool tools top topping tops total totally touch touching
tough tour toured tournament toward towards tower town track tracks trade traded trading traffic tragedy tragic train
trained training trains trampled transfer transferred transport trap trapped travel travelling treat treated treatment
tree trend trending trial tribute tried tries trip triumph troops trophy trouble truck true truly trust trusted truth
try trying tryna tuesday tuned turn turned turning turns tv tweeps tweet tweeted tweeting tweets twelve twice twitter
two type typical ugh ugly uk ultimately um un una unable uncertain unclaimed und under understand understanding
underway une unemployment unhappy union unit units universe university unknown unless unlikely unpaid unreal
unsuccessful until unusual unveils up upcoming update updated updates upon ups ur urge urged urgent urging us use used
user username users uses using usual usually vacation valid valuable value variety various ve vehicle vehicles venue
verdict verified version versions versus very veterans via victim victims video videos view viewing views village
villagers villages violence virus vision visit vital voice volcano volunteering von vote voted voters votes voting vou
vs wages wait waiting wake waking walk walked walking walks wanna want wanted wanting wants war warm warning warns was
waste wasted wat watch watchdog watched watching water wave waves way ways we weak wear wearing wears weather web
website websites wedding wednesday wee week weekend weekly weeks weight weird welcome well went were west western wet
what whatever whats wheels when where whether which while whilst white who whole whom whose why wicked wide wife will
willing win wind window windows wine winner winners winning wins winter wireless wish wished wishes wit with within
without wo woke woken woman women won wonder wonderful wondering wont word words work worked worker workers working
works world worried worry worse worst worth would wounded wow wrap write writer writers writes writing written wrong
wrote wtf www xmas xo xx xxx y ya yall yard yards yay yea yeah year years yep yes yesss yesterday yet yo yoiu you
young younger your yours yourself youth youtube yr yrs yup zombie zone zum zur
"""

EVERYDAY = frozenset(word.encode() for word in _WORDS.split())
NOTHING = frozenset(
    (b"", b"null", b"none", b"nil", b"nan", b"na", b"true", b"false", b"yes", b"no", b"unknown", b"tbd", b"undefined")
)
"""What people write into a cell to say that there is nothing in it."""
