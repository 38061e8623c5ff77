"""Keys that nothing but their vendor's name gives away, one line a vendor: label, shapes, names.

Lengths and alphabets are those of keys as the vendors' documentation shows them. Where a vendor changed its format both
are named. Names are lower-case beginnings of words.
"""

from typing import NamedTuple

from tidegate.core.classify.keyed import ALPHABETS, in_words, look_for
from tidegate.core.classify.rows import Called, Row

_SCORE = 0.85

_TABLE = """
abuseipdb_key          h80               abuseipdb
accuweather_key        m32               accuweather
adafruit_key           l32               adafruit
adobe_client           h32 w12-64        adobe
adzuna_key             h32               adzuna
agora_key              h32               agora
aha_key                h64               aha.io
airbrake_key           h32 h40           airbrake
airship_key            w22 b91           airship urbanairship
airvisual_key          uuid              airvisual iqair
aiven_token            b372              aiven
alchemy_key            w32               alchemy
algolia_key            h32 u10           algolia
alienvault_key         h64               alienvault otx
amadeus_key            m32               amadeus
ambee_key              h64               ambee
amplitude_key          h32               amplitude
anypoint_id            uuid              anypoint
apiflash_key           h32               apiflash
apilayer_key           m32               apilayer
appcenter_token        h40               appcenter app.center
appfollow_key          w16-40            appfollow
asana_client           d15-16 l32        asana
assemblyai_key         h32               assemblyai
auth0_secret           m32 w64-72            auth0
autodesk_secret        m16 m32           autodesk
autopilot_key          h32               autopilot
avaza_token            h40               avaza
aviationstack_key      h32               aviationstack
axonaut_key            h32               axonaut
ayrshare_key           u31 uuid          ayrshare
azure_devops_pat       l52 m84           azure azuredevops vsts ado_ dev.azure
bannerbear_key         m22-24            bannerbear
baremetrics_key        w25               baremetrics
beamer_key             x44 x46           beamer
beebole_key            h40               beebole
besnappy_key           h64               besnappy
besttime_key           h32               besttime
betterstack_token      m24               betterstack betteruptime
billomat_key           h32               billomat
bing_key               h32               bing ocp-apim
bitbar_key             m32               bitbar
bitbucket_secret       m32 w32 m18-20    bitbucket
bitfinex_key           m43               bitfinex
bitly_token            h40               bitly
bitmex_key             w24 w48           bitmex
bittrex_key            h32               bittrex
blazemeter_key         uuid h24 m80      blazemeter runscope
blockcypher_token      h32               blockcypher
blocknative_key        uuid              blocknative
bombbomb_jwt           b200-700          bombbomb
borgbase_token         w148-152          borgbase
box_secret             m32               box. box_ boxapi box-
braintree_key          h32               braintree
branch_key             m32               branch.io branchio
brandfetch_key         w40-44            brandfetch
browserstack_key       m20               browserstack
browshot_key           m28               browshot
bscscan_key            u34               bscscan
buddyns_key            h40               buddyns
budibase_key           h32 h65           budibase
bugsnag_key            h32 uuid          bugsnag
bulksms_token          w29-32            bulksms
buttercms_token        h40               buttercms
calendarific_key       h40 l32           calendarific
calendly_key           b32-600           calendly
calorieninjas_key      b40               calorieninja
campaignmonitor_key    b100-240          campaignmonitor createsend
campayn_key            h64               campayn
capsulecrm_token       b64               capsulecrm capsule_crm
censys_secret          m32 uuid          censys
centralstation_token   l30               centralstationcrm centralstation
chartbeat_key          h32               chartbeat
chartmogul_key         h32               chartmogul
chatbot_token          w32               chatbot.com chatbot_
chatfuel_token         m128              chatfuel chatfule
checkly_key            h32               checkly
checkmarx_token        m32-64            checkmarx
checkvist_key          m14               checkvist
clarifai_key           h32               clarifai
clearbit_key           h32               clearbit
clickhouse_key         m38-42            clickhouse
clicksend_key          uuid              clicksend
clockify_key           b48               clockify
cloudant_key           m44               cloudant
cloudconvert_token     b200-1200         cloudconvert
cloudflare_key         w40 h37           cloudflare cf_api cf-api cf_token
cloudimage_key         m30               cloudimage
cloudinary_secret      w27               cloudinary
cloudmersive_key       uuid              cloudmersive
cloudsight_key         w22               cloudsight
cloudsmith_key         h40               cloudsmith
cloverly_key           h16 h32           cloverly
coda_token             uuid              coda.io codakey codatoken coda_
codacy_token           m20 h32           codacy
codeclimate_token      h64 h40           codeclimate code_climate cc_test
codecov_token          uuid l32          codecov
codemagic_token        w43               codemagic
cohere_key             m40               cohere co_api
coinapi_key            uuid              coinapi
coinbase_secret        w64 m32 m16       coinbase
coinlayer_key          h32               coinlayer
coinmarketcap_key      uuid              coinmarketcap cmc_pro
column_key             w27-40            column.com
confluent_secret       b64 u16           confluent
contentful_token       w43 w64           contentful
convertapi_secret      m16               convertapi
convertkit_secret      w22 w43           convertkit
copper_key             h32               copper
couchbase_secret       w32-64            couchbase
countrylayer_key       h32               countrylayer
coveralls_token        m32 w37           coveralls
crisp_key              uuid h64          crisp.chat
crowdin_token          h80               crowdin
crowdstrike_secret     m40 h32           crowdstrike
cryptocompare_key      h64               cryptocompare
currencyfreaks_key     h32               currencyfreaks
currencylayer_key      h32               currencylayer
currencyscoop_key      h32               currencyscoop currencybeacon
currentsapi_key        w48               currentsapi
customerio_key         h20 h32           customerio customer.io
d7network_token        b24-400           d7network d7sms
daily_key              h64               daily.co dailyco
dareboost_token        m60               dareboost
datadog_key            h32 h40           datadog dd_api dd-api dd_app dd-app ddog
datagov_key            m40               data.gov datagov
debounce_key           m13               debounce
deepai_key             uuid              deepai
deepgram_key           h40               deepgram
deepl_key              uuid              deepl
delighted_key          w32               delighted
detectlanguage_key     h32               detectlanguage
dialpad_key            m82               dialpad
diffbot_token          h32               diffbot
discord_secret         w32 h64 d18-19    discord
disqus_key             m64               disqus
ditto_key              uuid              ditto
docparser_key          h40               docparser
docusign_key           uuid              docusign
drone_token            m32               droneci drone_
dropbox_key            l15 m64           dropbox
duo_secret             m40 u20           duosecurity duo_
dwolla_key             m50               dwolla
eagleeye_key           m15-40            eagleeyenetworks
edamam_key             h32               edamam
elasticemail_key       u96 uuid          elasticemail elastic_email
elevenlabs_key         h32               elevenlabs eleven_labs xi-api
eraser_token           m20               eraser
etherscan_key          u34               etherscan
etsy_key               l24 l10           etsy
eventbrite_token       u20               eventbrite
eversign_key           h32               eversign
exchangerate_key       h24 h32           exchangerate exchangerates openexchangerates
facebook_secret        h32               facebook fb_ meta_app
fastly_token           w32               fastly
fauna_secret           w40               fauna
feedly_token           w100-400          feedly
filestack_key          m22               filestack
findl_key              uuid              findl
finnhub_key            l20               finnhub
fixer_key              h32               fixer.io fixerio
flickr_key             h32 l32 h16       flickr
flightapi_key          h24               flightapi
float_token            w59-120           float
foursquare_key         u48 b48           foursquare
freshbooks_token       h64               freshbooks
freshdesk_key          m20               freshdesk freshservice
fulcrum_token          h80               fulcrum
geoapify_key           h32               geoapify
geocodio_key           h39               geocodio geocod.io
getemail_key           m20               getemail
getgeoapi_key          h40               getgeoapi
getresponse_key        l32               getresponse
giphy_key              m32               giphy
gitea_token            h40               gitea forgejo codeberg
github_oauth           h40 h20           github_secret github_client github_token githubtoken
gitter_token           h40               gitter
glassnode_key          m27               glassnode
godaddy_key            w35-38 m22        godaddy
goodday_token          h32               goodday
goodreads_key          m22 m43           goodreads
graphhopper_key        uuid              graphhopper
groove_key             h64               groove
gtmetrix_key           h32               gtmetrix
gumroad_token          w43               gumroad
gyazo_token            w43               gyazo
happyscribe_key        m24               happyscribe
harvest_token          w97               harvest
hellosign_key          m64 b80-90        hellosign dropboxsign
helpcrunch_key         b328              helpcrunch
helpscout_secret       m32               helpscout
here_key               w43               hereapi here_api heremaps
heroku_key             uuid              heroku
hetzner_token          m64               hetzner hcloud
hiveage_key            w20               hiveage
holidayapi_key         uuid              holidayapi
hootsuite_secret       m32               hootsuite
hubspot_key            uuid              hubspot hapikey
hunter_key             h40               hunter.io hunterio hunter
ibm_key                w44               ibm bluemix watson
iconfinder_key         m64               iconfinder
iexcloud_token         h32 h35           iexcloud iex_ iexapis
imagekit_key           b36               imagekit
imagga_key             h32               imagga
impala_key             m46               impala
influxdb_token         b86-88            influx
infura_secret          h32               infura
insightly_key          uuid              insightly
instabot_key           b44               instabot
instagram_secret       h32               instagram
intercom_secret        uuid b60          intercom
intrinio_key           b44 m32           intrinio
ip2location_key        m32 u10           ip2location
ipapi_key              h32 l32           ipapi ip-api
ipdata_key             h56 h64           ipdata
ipgeolocation_key      h32               ipgeolocation
ipinfo_token           h14               ipinfo
ipinfodb_key           h64               ipinfodb
ipquality_key          m32               ipquality
ipstack_key            h32               ipstack
jenkins_token          h32 h34           jenkins
jfrog_key              m73 b64           jfrog artifactory
jira_token             m24               jira atlassian confluence trello
jotform_key            h32 l32           jotform
jumpcloud_key          h40               jumpcloud
jupiterone_token       m76               jupiterone
keen_key               h64               keen.io keenio
kickbox_key            m64               kickbox
klaviyo_key            m34               klaviyo
klipfolio_key          h40               klipfolio
knapsack_token         h32               knapsackpro knapsack
kraken_key             b56 b88           kraken
kucoin_secret          h24 uuid          kucoin
kylas_key              uuid              kylas
languagelayer_key      h32               languagelayer
lastfm_key             h32               lastfm last.fm
launchdarkly_token     uuid w40          launchdarkly
lemlist_key            h32               lemlist
lessannoyingcrm_key    w57-64            lessannoyingcrm less-secret
line_secret            b172 h32          line_channel linebot
linenotify_token       m43-50            linenotify line_notify
linkedin_secret        m14 m16           linkedin
linkpreview_key        h32               linkpreview
liveagent_key          l32               liveagent
livestorm_key          b60-900           livestorm
loadmill_token         w24-200           loadmill
locationiq_key         h14 h32           locationiq
logdna_key             h32               logdna mezmo
loggly_token           uuid              loggly
loginradius_key        uuid              loginradius
logz_token             m32 uuid          logz.io logzio
lokalise_token         h40               lokalise
looker_secret          m20 m24           looker
loyverse_token         h32 l32           loyverse
lunchmoney_token       h50               lunchmoney
luno_key               w43 m13           luno
magicbell_key          m40               magicbell
magnetic_key           uuid              magnetic
mailboxlayer_key       h32               mailboxlayer apilayer
mailchimp_token        h32               mailchimp
mailersend_token       h64               mailersend
mailgun_secret         h32 h64           mailgun
mailjet_key            h32               mailjet
mailsac_key            m50 w42-52        mailsac
mandrill_key           w22               mandrill
mapillary_token        w32-80            mapillary
mapquest_key           m32               mapquest
marketstack_key        h32               marketstack
mattermost_token       l26               mattermost
mavenlink_token        h64               mavenlink
maxmind_key            m16 w40           maxmind
meaningcloud_key       h32               meaningcloud
mediastack_key         h32               mediastack
meistertask_token      w43               meistertask mindmeister
meraki_key             h40               meraki
mesibo_token           l64               mesibo
messagebird_key        m25               messagebird
metrilo_key            h16               metrilo
miro_token             w27               miro
mistral_key            m32               mistral
mixpanel_secret        h32               mixpanel
mockaroo_key           h8                mockaroo
monday_token           b200-600          monday.com monday_
mongodb_key            uuid              mongodb atlas
monkeylearn_key        h40               monkeylearn
moralis_key            m64               moralis
mux_secret             b75               mux.com mux_token mux_secret
nasdaq_key             w20               nasdaq quandl
netlify_token          w43-46            netlify
neutrino_key           m48               neutrinoapi
newsapi_key            h32               newsapi
nexmo_secret           m16 h8            nexmo vonage
nftport_key            uuid              nftport
ngrok_token            w43-49            ngrok
nicereply_key          h40               nicereply
nimble_token           m30               nimble
noticeable_key         m20               noticeable
nozbe_token            w80-84 b80-84     nozbe
numverify_key          h32               numverify
nylas_token            m30               nylas
nytimes_key            m32 w32           nytimes newyorktimes
oanda_token            m24 h65           oanda
okta_token             w42               okta ssws
ombi_key               h32               ombi
omnisend_key           w75               omnisend
onelogin_secret        h64               onelogin
onesignal_key          uuid b48          onesignal
opencage_key           h32               opencage
openweather_key        l32               openweather pyowm owm_ owm=
opsgenie_key           uuid              opsgenie
optimizely_token       w54               optimizely
owlbot_token           h40               owlbot
pagerduty_key          w20 h32           pagerduty pd_api
pandadoc_key           h40               pandadoc
pandascore_token       w51               pandascore
paperform_token        w200-1100         paperform
papertrail_token       m20               papertrail
paralleldots_key       m43               paralleldots
parseur_key            h40               parseur
pastebin_key           h32               pastebin
paydirt_key            h32               paydirt
paymo_token            m44 b44           paymoapp paymo
paypal_secret          w80               paypal
pdflayer_key           h32               pdflayer
pdfshift_key           h32               pdfshift
pendo_key              uuid              pendo
peopledatalabs_key     h64 l64           peopledatalabs
pepipost_key           l32               pepipost netcore
pexels_key             m56               pexels
phrase_token           h64               phraseapp
pingdom_token          w75-93 m32        pingdom
pinterest_token        w32 m40           pinterest
pipedrive_token        h40               pipedrive
pivotaltracker_token   h32               pivotal
pixabay_key            h25 h34           pixabay
plaid_key              h24 h30           plaid
planetscale_user       l12 l20           planetscale pscale
plivo_token            w40 m40 u20       plivo
podio_secret           m64               podio
polygon_key            w32               polygon
positionstack_key      h32               positionstack
postmark_token         uuid              postmark
privacy_key            uuid              privacy.com privacy
prodpad_key            h64               prodpad
proxycrawl_token       w22               proxycrawl crawlbase
pushbullet_token       m34               pushbullet
pusher_secret          h20               pusher
pushover_token         l30               pushover
qualtrics_token        m40               qualtrics
qubole_token           h64               qubole
quickbase_token        w27-40            quickbase
rapidapi_key           w50               rapidapi
rawg_key               h32               rawg
rebrandly_key          h32 m32           rebrandly
recaptcha_secret       w40               recaptcha
recurly_key            h32               recurly
reddit_secret          w27 w30 w14       reddit
requestfinance_key     w28-31            requestfinance
restpack_token         m48               restpack
ritekit_key            h44               ritekit
rollbar_token          h32               rollbar
route4me_key           u32               route4me
runscope_token         uuid              runscope
salesblink_key         m16               salesblink
salescookie_key        m32               salescookie
salesflare_key         w45               salesflare
saucelabs_key          uuid              saucelabs sauce_
scaleway_secret        uuid              scaleway scw_
scrapeowl_key          l30               scrapeowl
scraperapi_key         h32               scraperapi
scrapestack_key        h32               scrapestack
scrapfly_key           h32               scrapfly
scrapingant_key        l32               scrapingant
scrapingbee_key        u80               scrapingbee
screenshotlayer_key    h32               screenshotlayer
scrutinizer_token      h64               scrutinizer
securitytrails_key     m32               securitytrails
segment_key            m32               segment
sendbird_token         h40 h24 uuid      sendbird
sentry_key             h64 h32           sentry
serpapi_key            h64               serpapi
serpstack_key          h32               serpstack
shipday_key            w37 m20           shipday
shodan_key             m32               shodan
shotstack_key          m40               shotstack
shutterstock_secret    w16 w32           shutterstock
signalwire_token       w50               signalwire
sigopt_token           u48               sigopt
simfin_key             m32 uuid          simfin
siteleaf_secret        h32               siteleaf
slack_secret           h32               slack_signing slack_secret slack_client slack
smartsheet_token       m37 l26           smartsheet
smartystreets_key      uuid              smartystreets
snowflake_password     m24-64            snowflake
snyk_token             uuid              snyk
sonar_token            h40               sonar sonarcloud sonarqube
sonarr_key             h32               sonarr radarr lidarr prowlarr
sparkpost_key          h40               sparkpost
speechtext_key         h32               speechtext
splunk_token           uuid m22          splunk hec_token
spoonacular_key        h32               spoonacular
sportsmonk_token       m60               sportsmonk sportmonks
spotify_secret         m32               spotify
squarespace_key        uuid              squarespace
sslmate_key            m36               sslmate
statuscake_key         m20 m30           statuscake
statuspage_key         uuid h32          statuspage
stitch_token           h35 l35           stitchdata
stormboard_key         h40               stormboard
stormglass_key         w73               stormglass
storyblok_token        m22-24            storyblok
storychief_key         b300-1200         storychief
strava_secret          h40               strava
stripo_secret          b200-700          stripo
sumologic_key          m64 m14           sumo
supabase_key           b100-300          supabase
surveybot_key          m80 b100-300      surveybot
surveymonkey_token     w80-100           surveymonkey
surveysparrow_token    w88               surveysparrow
survicate_key          h32               survicate
swiftype_key           w20               swiftype
taxjar_token           h32               taxjar
teamwork_key           w24-64            teamwork
teletype_key           m44 b44           teletype
tencent_key            m32               tencent qcloud
testingbot_key         h32               testingbot
textmagic_key          m30               textmagic
thinkific_key          h32               thinkific
thunderforest_key      h32               thunderforest
ticketmaster_key       m32               ticketmaster
tiingo_token           h40               tiingo
timezoneapi_key        m20               timezoneapi
tmetric_key            u64               tmetric
todoist_token          h40               todoist
tokeet_key             uuid              tokeet
tomorrowio_key         m32               tomorrow.io tomorrowio climacell
tomtom_key             m32               tomtom
tradier_token          m28               tradier
travelpayouts_token    h32               travelpayouts
travis_token           w22               travis
trello_key             h32 h64           trello
tumblr_key             m50               tumblr
twelvedata_key         h32               twelvedata
twitch_secret          l30               twitch
twitter_secret         m25 m50 w100-140  twitter
typesense_key          m32               typesense
ubidots_key            h40 w32-36        ubidots
uclassify_key          m12               uclassify
unplugg_key            h64               unplugg unplu
unsplash_key           w43               unsplash
uploadcare_key         h20               uploadcare
uptimerobot_key        w32-42            uptimerobot
upwave_key             h32               upwave
urlscan_key            uuid              urlscan
userflow_key           m24-40            userflow
userstack_key          h32               userstack
vatlayer_key           h32               vatlayer
vercel_token           m24               vercel zeit
versioneye_key         h40               versioneye
virustotal_key         h64               virustotal
visualcrossing_key     m25               visualcrossing
vk_token               h85               vk_ vkontakte
voicegain_token        b200-600          voicegain
voodoosms_key          m32               voodoosms
vpnapi_key             h32               vpnapi
vultr_key              u36               vultr
vyte_token             l50               vyte
wakatime_key           uuid              wakatime
walkscore_key          h32               walkscore
wandb_key              h40               wandb
weatherapi_key         h31               weatherapi
weatherbit_key         h32               weatherbit
weatherstack_key       h32               weatherstack
web3storage_token      b200-400          web3storage web3.storage
webex_token            w64 b64 w100-110  webex
webflow_token          h64               webflow
webscraper_token       m60               webscraper
whoxy_key              h32 l33           whoxy
wistia_token           h64               wistia
wordpress_secret       m64               wordpress wpcom
worksnaps_token        m40               worksnaps
worldweather_key       h31               worldweather
yahoo_secret           h40 w100          yahoo
yandex_key             uuid m32          yandex
yelp_key               w128              yelp
ynab_token             h64 w43           youneedabudget ynab
yousign_key            h32 m32           yousign
zendesk_token          m40               zendesk
zenkit_key             l8-60             zenkit
zenrows_key            h40               zenrows
zenscrape_key          uuid              zenscrape
zenserp_key            uuid              zenserp
zerobounce_key         h32               zerobounce
zerotier_token         m32               zerotier
zipcodeapi_key         m64               zipcodeapi
zonka_token            m36 w36           zonka
zoom_secret            w22 m32           zoom
zulip_key              m32               zulip
"""


class Vendor(NamedTuple):
    """A line of the table."""

    name: str
    shapes: str
    keywords: tuple[str, ...]


def _vendor(line: str) -> Vendor:
    """Label first, then shapes, then names; a shape is told by its digits."""
    name, *rest = line.split()
    count = next(n for n, word in enumerate(rest) if not _is_shape(word))
    return Vendor(name, " ".join(rest[:count]), tuple(rest[count:]))


def _is_shape(word: str) -> bool:
    return word == "uuid" or (word[0] in ALPHABETS and word[1:].replace("-", "").isdigit())


def _row(vendor: Vendor) -> Called:
    label = f"secret.{vendor.name}"
    return Called(
        label=label,
        name=vendor.name,
        about=f"{in_words(vendor.shapes)}, behind {', '.join(vendor.keywords)}",
        keywords=tuple(f"{keyword}*" for keyword in vendor.keywords),
        look=look_for(vendor.shapes, label, vendor.name, _SCORE),
    )


VENDORS = tuple(map(_vendor, filter(None, _TABLE.splitlines())))
ROWS: tuple[Row, ...] = tuple(map(_row, VENDORS))
