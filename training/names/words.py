"""Words that stand around names in the templates, and things that look like names and are none. Written for this."""

JOBS = (
    "account manager,accountant,analyst,architect,assistant,attorney,buyer,carpenter,chief executive,clerk,consultant,"
    "controller,data engineer,dentist,developer,director,driver,electrician,engineer,estate agent,foreman,head of sales,"
    "HR manager,IT manager,journalist,lawyer,librarian,machinist,managing director,nurse,office manager,partner,"
    "personal assistant,pharmacist,photographer,physiotherapist,plumber,product manager,professor,project manager,"
    "recruiter,sales director,scientist,secretary,software engineer,supervisor,teacher,technician,translator,"
    "vice president,Chief Financial Officer,Head of Marketing,Managing Director,Senior Consultant,Sales Manager,"
    "Software Engineer,Product Owner,Account Executive,Regional Manager,CEO,CFO,CTO,Geschäftsführer,directeur commercial"
).split(",")
SUBJECTS = (
    "Invoice,Budget 2026,Contract renewal,Quarterly review,Your application,Holiday request,Meeting on Monday,Offer,"
    "Team lunch,Travel plans,Office move,Server outage,Price list,Draft agreement,Next steps,Kick-off,Project plan,"
    "Performance review,Onboarding,Christmas party,Sales figures,Roadmap,Security training,Payment reminder"
).split(",")
NATIONS = (
    "American,Austrian,Belgian,Brazilian,British,Canadian,Chinese,Croatian,Czech,Danish,Dutch,Egyptian,Finnish,French,"
    "German,Greek,Hungarian,Indian,Irish,Israeli,Italian,Japanese,Kenyan,Korean,Mexican,Nigerian,Norwegian,Pakistani,"
    "Polish,Portuguese,Romanian,Russian,Scottish,Spanish,Swedish,Swiss,Turkish,Ukrainian,Vietnamese,Welsh"
).split(",")
TECHNOLOGY = (
    "Python,Java,JavaScript,TypeScript,Ruby,Rust,Go,Kotlin,Swift,Scala,Julia,Haskell,Perl,Pascal,Ada,Elixir,Erlang,"
    "Django,Flask,Rails,Spring Boot,React,Angular,Vue,Svelte,Next.js,Node,Deno,Express,FastAPI,Pandas,NumPy,PyTorch,"
    "TensorFlow,Keras,Jenkins,Travis,Maven,Gradle,Ansible,Terraform,Puppet,Chef,Vagrant,Docker,Kubernetes,Helm,Istio,"
    "Prometheus,Grafana,Kibana,Elasticsearch,Kafka,RabbitMQ,Celery,Redis,Postgres,PostgreSQL,MySQL,MariaDB,MongoDB,"
    "Cassandra,Hadoop,Spark,Airflow,Hive,Presto,Snowflake,Tableau,Splunk,Sentry,Apache,Nginx,Caddy,Traefik,Envoy,"
    "Linux,Ubuntu,Debian,Fedora,Windows,Android,Firefox,Chrome,Safari,Git,GitHub,GitLab,Bitbucket,Jira,Confluence,"
    "Slack,Zoom,Teams,Outlook,Excel,Word,PowerPoint,SharePoint,Salesforce,HubSpot,Zendesk,Stripe,PayPal,Azure,Lambda,"
    "Heroku,Vercel,Netlify,Cloudflare,Okta,Vault,Consul,Nomad,Photoshop,Figma,Jupyter,Claude,Gemini,Copilot,ChatGPT,"
    "Mistral,Llama,Whisper,Alexa,Siri,Cortana,Eclipse,Emacs,Vim,Hugo,Jekyll,Gatsby,Sphinx,Sage,Watson,Apollo,Hermes"
).split(",")
THINGS = (
    "Bayes' theorem,Bernoulli's equation,Newton's second law,Ohm's law,Moore's law,Murphy's law,Amdahl's law,"
    "Fermat's Last Theorem,Euler's formula,Gauss's law,Maxwell's equations,the Schrödinger equation,Planck's constant,"
    "Dijkstra's algorithm,the Pythagorean theorem,the Fourier transform,the Laplace operator,the Turing machine,"
    "the Nash equilibrium,Occam's razor,Hooke's law,Boyle's law,the Doppler effect,the Fibonacci sequence,"
    "the Riemann hypothesis,Pascal's triangle,Conway's Game of Life,the Monte Carlo method,Gaussian elimination,"
    "the Poisson distribution,Zipf's law,Parkinson's law,Pareto efficiency,the Hawthorne effect,Cantor's diagonal,"
    "the Navier-Stokes equations,Hubble's law,Halley's Comet,the Heisenberg uncertainty principle,Markov chains,"
    "the Levenshtein distance,the Hamming code,Huffman coding,the Gini coefficient,the Richter scale"
).split(",")
BRANDS = (
    "Amazon,Google,Microsoft,Apple,Netflix,Uber,Airbnb,Spotify,Facebook,Twitter,LinkedIn,eBay,IBM,Intel,Oracle,SAP,"
    "Cisco,Adobe,Nvidia,Samsung,Sony,Toyota,Honda,BMW,Volkswagen,Siemens,Bosch,Nestlé,Unilever,Pfizer,Bayer,Novartis,"
    "Walmart,Target,Costco,Ikea,Lidl,Aldi,Tesco,Carrefour,Deloitte,KPMG,Accenture,McKinsey,Barclays,HSBC,Santander,"
    "Deutsche Bank,Goldman Sachs,Morgan Stanley,Wells Fargo,Bank of America,Visa,Mastercard,FedEx,UPS,DHL,Lufthansa,"
    "Ryanair,Boeing,Airbus,Shell,Total,Exxon,General Electric,Ford,Reuters,BBC,CNN,Nike,Adidas,Zara,Starbucks,"
    "McDonald's,Coca-Cola,Pepsi,the World Health Organization,the Red Cross,the European Commission,NASA,Harvard"
).split(",")
COMPANY_WORDS = (
    "Global,Advanced,United,National,General,First,Prime,Summit,Pacific,Atlantic,Northern,Southern,Western,Blue,Green,"
    "Silver,Golden,Bright,Clear,Smart,Digital,Data,Cloud,Cyber,Quantum,Solar,Alpine,Delta,Omega,Nova,Vertex,Apex,"
    "Pioneer,Liberty,Heritage,Sterling,Crown,Harbor,River,Stone,Oak,Cedar,Falcon,Phoenix,Titan,Orbit,Vector,Matrix"
).split(",")
COMPANY_TRADES = (
    "Systems,Solutions,Technologies,Partners,Consulting,Logistics,Industries,Holdings,Group,Capital,Insurance,Bank,"
    "Energy,Foods,Pharma,Medical,Health,Media,Networks,Software,Labs,Design,Construction,Properties,Airlines,Motors,"
    "Engineering,Services,Analytics,Robotics,Security,Ventures,Institute,Foundation,Hospital,Clinic,Academy"
).split(",")
SUFFIXES = "Inc.,Inc,LLC,Ltd,Ltd.,Corp.,Co.,PLC,GmbH,AG,SE,KG,S.A.,SARL,SAS,S.r.l.,S.p.A.,B.V.,NV,AB,Oy,A/S,Lda".split(
    ","
)
PERSONAL = (
    "mr mrs ms miss mx dr prof professor sir madam herr frau herrn monsieur madame mme mlle señor señora sr sra don doña"
    " signor signora sig dott meneer mevrouw dhr mevr senhor senhora pan pani doctor nurse president senator judge"
    " captain coach uncle aunt mother father brother sister wife husband son daughter cousin friend colleague boss"
    " manager patient mister king queen prince princess pope lord lady general colonel sergeant officer reverend fr rev hon"
).split()
NEVER = (
    "I,The,This,That,These,Those,It,He,She,They,We,You,My,Our,Your,His,Her,Their,What,When,Where,Why,Who,How,Which,If,"
    "And,But,Or,So,As,At,By,For,From,In,Into,Of,On,To,With,Is,Are,Was,Were,Be,Been,Do,Does,Did,Has,Have,Had,Can,Could,"
    "Should,Would,Shall,Might,Must,Not,No,Yes,All,Any,Some,Each,Every,Both,Either,Neither,Please,Thanks,Thank,Hello,Hi,"
    "Hey,Dear,Best,Kind,Regards,Sincerely,Cheers,Sorry,None,True,False,Null,Error,Warning,Info,Debug,Note,Todo,Return,"
    "Returns,Raise,Raises,Args,Example,Usage,Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday,January,February,"
    "March,July,October,November,December,Unicode,Tcl,Unix,Posix,Http,Json,Url,Ip,Api,Id,Ok,Subject,Re,Fwd,Date,Cc,Bcc"
).split(",")
STREETS = (
    "Main Street,High Street,Oak Avenue,Park Road,Station Road,Church Lane,Mill Lane,Elm Street,Maple Drive,Broadway,"
    "Bahnhofstraße,Hauptstraße,Gartenweg,Lindenallee,rue de la Paix,avenue Victor Hugo,Calle Mayor,Via Roma,"
    "Kerkstraat,Rua das Flores,ul. Długa,Storgatan,Kings Road,Queens Avenue,Hill View,Lake Shore Drive"
).split(",")
CITIES = (
    "London,Paris,Berlin,Madrid,Rome,Vienna,Zurich,Geneva,Amsterdam,Brussels,Lisbon,Porto,Dublin,Edinburgh,Manchester,"
    "Birmingham,Leeds,Bristol,Glasgow,New York,Boston,Chicago,San Francisco,Los Angeles,Seattle,Denver,Dallas,Houston,"
    "Atlanta,Miami,Toronto,Montreal,Vancouver,Sydney,Melbourne,Auckland,Mumbai,Delhi,Bangalore,Chennai,Singapore,"
    "Hong Kong,Tokyo,Osaka,Seoul,Beijing,Shanghai,Shenzhen,Taipei,Bangkok,Jakarta,Manila,Hanoi,Dubai,Istanbul,Ankara,"
    "Cairo,Lagos,Nairobi,Accra,Johannesburg,Cape Town,Casablanca,Tunis,São Paulo,Rio de Janeiro,Buenos Aires,Santiago,"
    "Lima,Bogotá,Mexico City,Havana,Stockholm,Oslo,Copenhagen,Helsinki,Tallinn,Riga,Vilnius,Warsaw,Kraków,Prague,Brno,"
    "Budapest,Bucharest,Sofia,Belgrade,Zagreb,Ljubljana,Athens,Kyiv,Moscow,Munich,Hamburg,Cologne,Frankfurt,Stuttgart,"
    "Leipzig,Dresden,Lyon,Marseille,Toulouse,Nice,Bordeaux,Lille,Milan,Turin,Naples,Florence,Venice,Barcelona,Valencia,"
    "Seville,Bilbao,Rotterdam,Utrecht,Antwerp,Ghent,Basel,Bern,Graz,Salzburg,Washington,Philadelphia,Phoenix,Portland"
).split(",")
COUNTRIES = (
    "France,Germany,Italy,Spain,Portugal,Austria,Switzerland,Belgium,the Netherlands,England,Scotland,Wales,Ireland,"
    "Norway,Sweden,Denmark,Finland,Poland,Hungary,Romania,Bulgaria,Greece,Turkey,Ukraine,Russia,China,Japan,India,"
    "Brazil,Mexico,Canada,Argentina,Chile,Peru,Egypt,Morocco,Kenya,Nigeria,Ghana,South Africa,Israel,Iran,Iraq,"
    "Pakistan,Vietnam,Thailand,Indonesia,Australia,New Zealand,the United States,the USA,the UK,Texas,California,"
    "Bavaria,Ontario,Queensland,Ohio,Florida,Virginia"
).split(",")
STREETS_AFTER = (
    "Street,St,St.,Road,Rd,Avenue,Ave,Lane,Drive,Court,Close,Terrace,Gardens,Place,Square,Boulevard,Blvd,Way,Crescent,"
    "Grove,Hill,Park,Row,Walk,Gate,Mews,Rise,Bypass,Circle,Club,Point,Heights,Union,Estate,Flats,Meadows,Prairie,Cove,"
    "straat,utca,u.,tér,vägen,gatan,vej,gade,veien,tie,katu,Straße,Strasse,Platz,Allee,Weg,Ring,Sokak,Caddesi"
).split(",")
STREETS_BEFORE = (
    "rue,Rue,rue de,Rue de la,avenue,Avenue,Av.,place,boulevard,chemin,calle,Calle,C/,Avenida,Avda.,Plaza,Via,via,"
    "Viale,Piazza,Corso,Largo,Rua,R.,Travessa,ul.,ulica,al.,plac,ulice,Λεωφόρος,улица,ul,Strada,str.,Bulevardul,Jalan"
).split(",")
STREETS_JOINED = (
    "straße,strasse,weg,gasse,platz,allee,ring,straat,laan,weg,plein,kade,vägen,gatan,stræde,vej,gade,gata,veien,tie,"
    "katu,kuja,utca,stígur,vegur,gränd,hof,damm,ufer"
).split(",")
VERBS = (
    "add,allow,apply,avoid,build,bump,call,change,check,clean,close,configure,convert,copy,create,delete,deploy,"
    "deprecate,disable,document,download,drop,enable,ensure,expand,export,extend,extract,fetch,filter,fix,format,"
    "generate,handle,ignore,implement,import,improve,include,initialize,inline,insert,install,introduce,load,log,merge,"
    "migrate,move,open,optimize,parse,pass,patch,pin,prefer,prevent,print,process,provide,publish,read,refactor,release,"
    "reload,remove,rename,render,replace,reset,resolve,restore,restrict,return,reuse,revert,rewrite,run,save,send,set,"
    "simplify,skip,sort,split,start,stop,store,support,switch,sync,test,track,translate,update,upgrade,upload,use,"
    "validate,verify,warn,wrap,write,structured,valid,invalid,optional,required,annotated,nested,async,cached,lazy"
).split(",")
