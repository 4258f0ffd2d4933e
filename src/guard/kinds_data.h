// Names and nouns by kind: two members of one kind are two things, however close their vectors.
//
// One kind a line: members parted by "|", the names of one member by spaces; "_" joins the words of
// a phrase. Only kinds whose members exclude each other: a poodle is a dog.
#ifndef SEMCACHED_GUARD_KINDS_DATA_H_
#define SEMCACHED_GUARD_KINDS_DATA_H_

#include <string_view>

namespace semcached::guard {

// clang-format off
inline constexpr std::string_view kKinds[] = {
    // Time.
    "monday mondays mon|tuesday tuesdays tue|wednesday wednesdays|thursday thursdays|friday fridays fri|saturday saturdays|sunday sundays",
    "january jan|february feb|april apr|june jun|july jul|august aug|september sept|october oct|november nov|december dec",
    "summer|winter|autumn",
    "night_owl night_owls|early_bird early_birds",
    "heat_wave heat_waves heatwave heatwaves|cold_snap cold_snaps cold_wave cold_spell",
    "christmas xmas|easter|thanksgiving|halloween|diwali|ramadan|hanukkah|new_year|valentine|eid|holi",
    "breakfast|lunch|dinner",
    "weekday|weekend",
    // Places. Adjectives go with their country.
    "afghanistan afghan|albania|algeria|angola|argentina argentine argentinian|armenia|australia australian|austria austrian|azerbaijan|bahrain|bangladesh bangladeshi|belarus|belgium belgian|bolivia|bosnia|botswana|brazil brazilian|bulgaria|cambodia|cameroon|canada canadian|chad|chile|china chinese|colombia|congo|croatia|cuba cuban|cyprus|czechia czech|denmark danish|ecuador|egypt egyptian|eritrea|estonia|ethiopia|fiji|finland finnish|france french|georgia|germany german|ghana|greece greek|guatemala|haiti|honduras|hungary hungarian|iceland|india indian|indonesia|iran iranian persia|iraq iraqi|ireland irish|israel israeli|italy italian|jamaica|japan japanese|jordan|kazakhstan|kenya kenyan|kuwait|laos|latvia|lebanon|libya|lithuania|luxembourg|madagascar|malaysia malaysian|maldives|mali|malta|mexico mexican|moldova|mongolia|montenegro|morocco|mozambique|myanmar burma|namibia|nepal nepali|netherlands holland dutch|new_zealand|nicaragua|niger|nigeria nigerian|north_korea|norway norwegian|oman|pakistan pakistani pak|panama|paraguay|peru|philippines filipino|poland|portugal portuguese|qatar|romania|russia russian|rwanda|saudi_arabia saudi|senegal|serbia|singapore|slovakia|slovenia|somalia|south_africa|south_korea|spain spanish|sri_lanka|sudan|sweden swedish|switzerland swiss|syria|taiwan|tanzania|thailand thai|tunisia|turkey turkish|uganda|ukraine ukrainian|uae emirates|uk united_kingdom britain british great_britain|england english|united_states usa america american|uruguay|uzbekistan|venezuela|vietnam vietnamese|yemen|zambia|zimbabwe",
    "english|french|german|spanish|italian|portuguese|russian|chinese mandarin|cantonese|japanese|korean|hindi|urdu|arabic|hebrew|turkish|persian farsi|greek|latin|dutch|swedish|norwegian|danish|finnish|czech|hungarian|romanian|vietnamese|thai|tamil|telugu|bengali|marathi|punjabi|gujarati|kannada|malayalam|swahili|esperanto|sanskrit|ukrainian|indonesian",
    "europe european|asia asian|africa african|antarctica|oceania|south_america|north_america",
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|hawaii|idaho|illinois|indiana|iowa|kansas|kentucky|louisiana|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|nebraska|nevada|new_hampshire|new_jersey|new_mexico|north_carolina|south_carolina|north_dakota|south_dakota|ohio|oklahoma|oregon|pennsylvania|rhode_island|tennessee|texas|utah|vermont|virginia|west_virginia|wisconsin|wyoming",
    "bavaria|saxony|hesse|brandenburg|ontario|quebec|alberta|british_columbia|manitoba|queensland|victoria|tasmania|kerala|goa|punjab|gujarat|maharashtra|karnataka|tamil_nadu|rajasthan|bihar|uttar_pradesh|assam|odisha|kashmir|scotland|wales",
    "london|paris|berlin|madrid|rome|vienna|lisbon|dublin|amsterdam|brussels|copenhagen|stockholm|oslo|helsinki|warsaw|prague|budapest|athens|moscow|kiev kyiv|istanbul|ankara|barcelona|milan|naples|venice|florence|munich|hamburg|frankfurt|cologne|zurich|geneva|lyon|marseille|edinburgh|glasgow|manchester|liverpool|birmingham|leeds|oxford|cambridge|new_york nyc|los_angeles|chicago|houston|boston|seattle|san_francisco|san_diego|denver|dallas|austin|phoenix|philadelphia|atlanta|miami|detroit|las_vegas|portland|toronto|vancouver|montreal|ottawa|calgary|edmonton|winnipeg|regina|tokyo|osaka|kyoto|beijing|shanghai|hong_kong|shenzhen|seoul|busan|taipei|bangkok|hanoi|manila|jakarta|bali|kuala_lumpur|delhi|mumbai bombay|bangalore bengaluru|chennai|hyderabad|kolkata calcutta|pune|ahmedabad|jaipur|karachi|lahore|islamabad|dhaka|kathmandu|colombo|dubai|abu_dhabi|doha|riyadh|tehran|baghdad|jerusalem|tel_aviv|cairo|nairobi|lagos|cape_town|johannesburg|sydney|melbourne|brisbane|perth|auckland|wellington|mexico_city|bogota|lima|santiago|buenos_aires|rio|sao_paulo|havana|kampala|accra|washington",
    "atlantic|pacific|arctic|mediterranean|baltic|caribbean",
    "nile|amazon|danube|rhine|thames|ganges|mississippi|yangtze|volga|seine",
    "everest|kilimanjaro|mont_blanc|matterhorn|fuji|denali|k2",
    "sahara|gobi|kalahari|mojave|thar|namib|atacama|gibson|sonoran|patagonian|karakum|taklamakan|chihuahuan",
    "mercury|venus|mars|jupiter|saturn|uranus|neptune|pluto|moon",
    // People of history and the arts.
    "napoleon|caesar|alexander|hannibal|genghis_khan|hitler|stalin|lenin|mao|churchill|roosevelt|lincoln|washington|jefferson|kennedy|nixon|reagan|bush|clinton|obama|trump|biden|merkel|macron|putin|modi|gandhi|nehru|mandela|thatcher",
    "shakespeare|dickens|tolstoy|dostoevsky|hemingway|orwell|austen|twain|poe|kafka|goethe|homer|dante|tolkien|rowling",
    "mozart|beethoven|bach|chopin|vivaldi|wagner|schubert|brahms|haydn|handel|tchaikovsky",
    "picasso|monet|rembrandt|michelangelo|raphael|van_gogh|da_vinci|dali|vermeer|warhol",
    "newton|einstein|galileo|darwin|tesla|edison|curie|hawking|pasteur|bohr|faraday|maxwell|kepler|copernicus|turing|feynman",
    "plato|aristotle|socrates|kant|nietzsche|descartes|hegel|hume|marx",
    "messi|ronaldo|neymar|mbappe|maradona|pele", "federer|nadal|djokovic|murray", "kohli|dhoni|sachin|rohit",
    "beatles|queen|abba|metallica|nirvana|coldplay|u2|led_zeppelin|pink_floyd|rolling_stones",
    "hamlet|macbeth|othello|king_lear|romeo",
    "batman|superman|spiderman|hulk|thor|iron_man|wolverine",
    // Companies and what they make.
    "google alphabet|microsoft|apple|amazon|meta|netflix|tesla|nvidia|intel|amd|ibm|oracle|samsung|sony|huawei|xiaomi|lenovo|dell|hp|asus|acer|nokia|lg|toyota|honda|ford|bmw|mercedes|audi|volkswagen vw|porsche|ferrari|nissan|hyundai|kia|volvo|fiat|renault|mazda|subaru|jeep|boeing|airbus|walmart|target|costco|ikea|starbucks|mcdonalds|kfc|subway|burger_king|pepsi|nike|adidas|puma|disney|uber|lyft|airbnb|spotify|paypal|stripe|visa|mastercard|salesforce|sap|adobe|cisco|qualcomm|infosys|tcs|wipro|accenture|deloitte|kpmg|pwc|flipkart|paytm|walgreens|fedex|ups|dhl|shell|exxon|chevron",
    "facebook fb|instagram insta|twitter|snapchat|tiktok|whatsapp|telegram|linkedin|reddit|pinterest|quora|youtube|tumblr|discord|slack|zoom|skype|tinder|wechat",
    "gmail|outlook hotmail|yahoo|icloud|protonmail",
    "iphone|ipad|macbook mac|imac|apple_watch|airpods|android|pixel|galaxy|kindle|chromebook",
    "playstation ps4 ps5|xbox|nintendo|wii",
    "siri|alexa|cortana|bixby", "chatgpt|gemini|claude|copilot|llama",
    "aapl|msft|goog googl|amzn|tsla|nvda|nflx|intc|amd|ibm|orcl|nasdaq|nyse|dax|ftse|nikkei|dow_jones dow|s_p",
    "bitcoin btc|ethereum eth|dogecoin doge|litecoin ltc|solana sol|ripple xrp|cardano",
    "dollar dollars usd|euro euros eur|yen jpy|rupee rupees inr|pound_sterling sterling gbp|yuan cny|franc francs chf|peso pesos|ruble rubles|won krw",
    "gold|silver|copper|platinum|aluminium aluminum|zinc|nickel|lithium|uranium|iron|tin",
    "oxygen|hydrogen|nitrogen|helium|carbon|chlorine|sulfur sulphur|phosphorus|sodium|potassium|calcium|magnesium|neon|argon",
    // Computing.
    "windows|linux|macos mac_os osx|ios|android|unix|chromeos|solaris|freebsd",
    "mojave|catalina|big_sur|monterey|ventura|sonoma|sequoia|yosemite",
    "ubuntu|debian|fedora|centos|arch|mint|suse|redhat|alpine",
    "python|java|javascript js|typescript ts|ruby|rust|golang|kotlin|scala|haskell|perl|php|matlab|fortran|cobol|lua|julia|erlang|elixir|clojure|lisp|pascal|objective_c|dart|groovy|csharp|cpp|swift",
    "mysql|postgres postgresql|sqlite|mongodb mongo|oracle|mariadb|redis|cassandra|dynamodb|elasticsearch|neo4j|snowflake|bigquery|couchdb|mssql sql_server",
    "aws|azure|gcp google_cloud|heroku|digitalocean|netlify|vercel|cloudflare",
    "react|angular|vue|svelte|ember|jquery|nextjs", "django|flask|fastapi|rails|laravel|spring|express|symfony",
    "pandas|numpy|scipy|matplotlib|seaborn|polars", "pytorch|tensorflow|keras|jax|scikit",
    "git|svn|mercurial", "github|gitlab|bitbucket", "jenkins|gitlab|travis|circleci|teamcity",
    "docker|podman|kubernetes|vagrant|virtualbox|vmware", "ansible|terraform|puppet|chef|pulumi",
    "npm|yarn|pnpm|pip|conda|maven|gradle|cargo|homebrew|apt|yum|webpack|vite|cmake|bazel|composer",
    "chrome|firefox|safari|edge|opera|brave|internet_explorer",
    "vim|emacs|nano|vscode|eclipse|intellij|pycharm|xcode|sublime|notepad",
    "bash|zsh|powershell|fish|cmd|tcsh", "nginx|apache|caddy|tomcat|haproxy|traefik|iis",
    "kafka|rabbitmq|activemq|nats|sqs", "http|ftp|smtp|ssh|imap|mqtt|telnet|grpc|graphql|soap|rest|websocket",
    "tcp|udp|icmp", "json|xml|yaml|csv|toml|protobuf|parquet|html|pdf|docx|xlsx|markdown|latex",
    "jpg jpeg|png|gif|svg|bmp|webp|tiff", "mp3|wav|flac|ogg|aac", "mp4|avi|mkv|mov|webm", "zip|rar|tar|gzip|7z",
    "ms_word microsoft_word|excel|powerpoint|outlook|onenote", "photoshop|illustrator|lightroom|premiere|gimp|indesign|figma|canva",
    "junit|pytest|jest|mocha|selenium|cypress|playwright|testng", "dropbox|google_drive|onedrive|icloud",
    "bubble_sort|quicksort quick_sort|mergesort merge_sort|heapsort|insertion_sort|selection_sort|radix_sort",
    "bfs breadth|dfs depth", "md5|sha1|sha256|bcrypt", "aes|rsa|des|ecdsa", "ipv4|ipv6", "ram|rom|cpu|gpu|ssd|hdd",
    "usb|hdmi|bluetooth|ethernet|wifi|nfc", "keyboard|mouse|printer|scanner|monitor|webcam|microphone|headphones|speaker|router|modem",
    "int|float|double|boolean bool|char", "tuple|dictionary dict|list array|queue|stack|heap|tree|graph|struct|enum|vector|hashmap|linked_list",
    "getter|setter|constructor|destructor", "for_loop|while_loop", "typeerror|valueerror|keyerror|indexerror|syntaxerror|nameerror|attributeerror|importerror|runtimeerror",
    "login|logout|signup", "username|password|email|phone_number|address|pin", "request|response", "select|insert|update|delete",
    "laptop|tablet|smartphone|desktop|smartwatch",
    // Medicine and bodies.
    "aspirin|ibuprofen advil|paracetamol acetaminophen tylenol|naproxen aleve|diclofenac|morphine|codeine|tramadol|oxycodone|fentanyl|methadone|metformin|insulin|warfarin|heparin|lisinopril|amlodipine|losartan|metoprolol|atenolol|propranolol|atorvastatin|simvastatin|rosuvastatin|omeprazole|pantoprazole|ranitidine|amoxicillin|penicillin|azithromycin|ciprofloxacin|doxycycline|prednisone|prednisolone|hydrocortisone|dexamethasone|cortisone|levothyroxine|gabapentin|pregabalin|xanax alprazolam|valium diazepam|lorazepam|clonazepam|zolpidem|prozac fluoxetine|zoloft sertraline|lexapro escitalopram|citalopram|venlafaxine|bupropion|lithium|adderall|ritalin|viagra|cialis|melatonin|benadryl|claritin loratadine|zyrtec cetirizine|ventolin albuterol|furosemide|spironolactone|methotrexate|tamoxifen|accutane",
    "vitamin_a|vitamin_b vitamin_b12|vitamin_c|vitamin_d|vitamin_e|vitamin_k", "calcium|magnesium|zinc|iron|potassium",
    "measles|mumps|rubella|chickenpox|smallpox|polio|malaria|dengue|typhoid|cholera|tuberculosis tb|hepatitis|hiv aids|covid coronavirus|flu influenza|pneumonia|bronchitis|asthma|diabetes|cancer|leukemia|arthritis|gout|osteoporosis|migraine|epilepsy|stroke|alzheimer|parkinson|dementia|anemia|hypertension|hypotension|jaundice|appendicitis|tonsillitis|sinusitis|eczema|psoriasis|herpes|syphilis|gonorrhea|chlamydia|lupus|ebola|zika|rabies|tetanus|plague|scurvy|obesity|anorexia|bulimia|autism|adhd|schizophrenia|bipolar|ptsd|ocd|insomnia|hypothyroidism|hyperthyroidism|hyperglycemia|hypoglycemia",
    "diarrhea|constipation|vomiting|nausea|fever|cough|rash|dizziness|heartburn|bloating",
    "heart|liver|kidney kidneys|lung lungs|brain|stomach|pancreas|spleen|bladder|intestine colon|thyroid|prostate|uterus|ovary ovaries|skin",
    "eye eyes|ear ears|nose|throat|tooth teeth|tongue", "arm arms|leg legs|knee knees|elbow|shoulder|ankle|wrist|hip|neck|foot feet|hand hands|finger|toe|thumb",
    "cardiologist|neurologist|dermatologist|dentist|psychiatrist|psychologist|pediatrician|surgeon|oncologist|radiologist|urologist|gynecologist|optometrist|orthopedist|veterinarian vet|pharmacist|nurse",
    "bacteria|virus|fungus fungi|parasite", "artery|vein", "dna|rna", "protein proteins|carbohydrate carbohydrates carbs|fat fats|fiber fibre",
    "testosterone|estrogen oestrogen|progesterone|cortisol|adrenaline|dopamine|serotonin|insulin|thyroxine", "xray x_ray|mri|ct_scan|ultrasound|biopsy",
    "vaccine|antibiotic antibiotics", "hospital|home|clinic", "child children kid kids|adult adults|infant infants baby babies|teenager teenagers teen|elderly seniors older_adult older_adults older_people",
    // Animals, plants, food.
    "dog dogs puppy|cat cats kitten|horse horses|cow cows|pig pigs|sheep|goat goats|chicken chickens|duck ducks|goose|rabbit rabbits|hamster|mouse mice|rat rats|lion lions|tiger tigers|leopard|cheetah|jaguar|elephant elephants|giraffe|zebra|rhino|hippo|monkey monkeys|gorilla|chimpanzee|panda pandas|koala koalas|kangaroo|bear bears|wolf wolves|fox foxes|deer|moose|camel|snake snakes|lizard|crocodile|alligator|turtle|tortoise|frog frogs|toad|fish|shark sharks|whale whales|dolphin dolphins|octopus|squid|penguin penguins|eagle|owl|hawk|parrot|crow|pigeon|flamingo|ostrich|bee bees|wasp wasps|ant ants|spider spiders|mosquito|butterfly|bat bats|otter|beaver|raccoon|skunk|hedgehog|seal|walrus|salmon",
    "apple apples|banana bananas|orange oranges|grape grapes|mango mangoes|pineapple|strawberry strawberries|blueberry blueberries|raspberry raspberries|cherry cherries|peach peaches|pear pears|plum plums|lemon lemons|lime limes|kiwi|watermelon|melon|avocado avocados|coconut|papaya|fig figs|pomegranate|apricot",
    "tomato tomatoes|potato potatoes|onion onions|garlic|carrot carrots|cucumber cucumbers|lettuce|spinach|broccoli|cauliflower|cabbage|pepper peppers|eggplant aubergine|zucchini|pumpkin|corn|pea peas|bean beans|lentil lentils|chickpea chickpeas|mushroom mushrooms|celery|radish|beet beets|kale|asparagus|sweet_potato",
    "rice|pasta spaghetti|quinoa|oats oatmeal|couscous|barley|noodles|bread|pizza|burger|sushi|salad|soup|curry|steak|omelette|pancake pancakes|waffle|lasagna|risotto|cake|cookie cookies|pie|ice_cream|chocolate|brownies",
    "beef|pork|lamb|chicken|turkey|salmon|tuna|shrimp|tofu|bacon|ham|egg eggs", "milk|cheese|butter|yogurt yoghurt|cream", "coffee|tea|beer|wine|whiskey|vodka|rum|gin|water|juice|soda|cola",
    "sugar|salt|honey|flour|vinegar|yeast", "oven|microwave|stove|grill|air_fryer|pressure_cooker|slow_cooker|pan",
    "rose roses|tulip tulips|orchid orchids|lily|sunflower|cactus|fern|bonsai|basil|mint|lavender",
    "oak|pine|maple|birch|willow|palm",
    // Sports, games, music, trades.
    "football soccer|basketball|baseball|tennis|cricket|golf|hockey|volleyball|rugby|badminton|swimming|boxing|wrestling|cycling|skiing|surfing|yoga|judo|karate|chess|poker|bowling|squash|archery|handball",
    "piano|guitar|violin|drums|flute|trumpet|saxophone|cello|harp|clarinet|ukulele|bass|harmonica|accordion",
    "jazz|rock|pop|hip_hop|classical|country|blues|reggae|metal|techno",
    "world_cup|olympics|super_bowl|champions_league|wimbledon|us_open", "minecraft|fortnite|roblox|pokemon|tetris|skyrim|zelda|mario|gta",
    "doctor|lawyer|teacher|engineer|nurse|pilot|plumber|electrician|carpenter|accountant|architect|chef|farmer|firefighter|journalist|actor|painter|baker|barber|mechanic|soldier|astronaut|librarian|police",
    "physics|chemistry|biology|history|geography|economics|philosophy|psychology|sociology|astronomy|geology|mathematics maths math|literature|law|medicine|engineering",
    "algebra|geometry|calculus|trigonometry|statistics|arithmetic|topology",
    "triangle|square|rectangle|circle|pentagon|hexagon|octagon|trapezoid|rhombus|parallelogram|ellipse|cube|sphere|cylinder|cone|pyramid|prism",
    "addition|subtraction|multiplication|division", "sine|cosine|tangent", "mean|median|mode|variance|standard_deviation", "numerator|denominator", "radius|diameter|circumference", "area|perimeter|volume|surface_area",
    "red|blue|green|yellow|orange|purple|pink|brown|black|white|gray grey|violet|turquoise",
    "car cars|bus buses|train trains|plane airplane airplanes planes|ship ships|boat boats|bicycle bike bikes|motorcycle motorcycles|truck trucks|helicopter|subway|tram|taxi|scooter|rocket|submarine",
    "kitchen|bedroom|bathroom|garage|garden|basement|attic|balcony", "table|chair|sofa couch|desk|shelf|wardrobe|bed", "shirt|pants trousers|dress|skirt|jacket|coat|shoes|socks|hat|gloves|scarf|sweater|jeans",
    "refrigerator fridge|freezer|dishwasher|washing_machine|dryer|toaster|vacuum_cleaner|air_conditioner|heater|lamp",
    "brother|sister|mother|father|uncle|aunt|grandmother|grandfather|cousin|nephew|niece|son|daughter|wife|husband",
    "christianity christian christians|islam muslim muslims|hinduism hindu hindus|buddhism buddhist|judaism jewish|sikhism sikh", "bible|quran koran|torah|gita vedas", "zeus|hera|apollo|poseidon|athena|ares|hades|odin|thor|loki",
    "aries|taurus|gemini|leo|virgo|libra|scorpio|sagittarius|capricorn|aquarius|pisces",
    "earthquake|tornado|hurricane|tsunami|flood|volcano|wildfire|drought|blizzard",
    // What is asked about a thing.
    "symptom symptoms|side_effect side_effects|dose dosage|treatment treatments|diagnosis|prevention|contraindication contraindications|prognosis",
    "penalty punishment penalties|defence defences defense defenses|deadline due_date|definition meaning|origin etymology|exception exceptions|statute_of_limitations",
    "meaning|default default_value", "market_order market_orders|limit_order limit_orders|stop_order stop_orders",
    "preferred_stock preferred_stocks preferred_share preferred_shares|common_stock common_stocks common_share common_shares ordinary_share ordinary_shares",
    "complexity|purpose|syntax|return_type|parameter parameters", "exception exceptions|value values|type types",
    "market_cap market_capitalization|dividend dividends|dividend_yield|eps|pe_ratio|earnings|ex_dividend ex_dividend_date|trading_volume|payout_ratio",
    "ceo chief_executive chief_executive_officer|cfo chief_financial_officer|cto|chairman chairwoman chairperson|shareholder shareholders",
    "gift_card gift_cards|bank_transfer bank_transfers wire_transfer|paypal|apple_pay|google_pay",
    "slope|intercept|vertex", "domain|range|codomain", "proof|statement|corollary", "eigenvalue eigenvalues|eigenvector eigenvectors|determinant|trace",
    "premium|deductible|copay", "mayor|governor|senator|minister", "size|type",
    // Law and money.
    "divorce|adoption|custody|bankruptcy|inheritance|probate|alimony", "murder|manslaughter|theft|robbery|burglary|fraud|assault|arson|kidnapping|perjury|embezzlement",
    "trademark|copyright|patent", "misdemeanor|felony", "judge|jury|prosecutor|defendant|plaintiff", "constitution|bill_of_rights", "lease|mortgage|loan", "landlord|tenant", "libel|slander",
    "stock stocks|bond bonds|etf etfs|mutual_fund mutual_funds|crypto|commodity commodities", "savings_account savings|checking_account checking|credit_card|debit_card",
    "income_tax|sales_tax|property_tax|capital_gains_tax|vat", "401k|ira|roth|pension", "dividend|interest", "invoice|receipt", "passport|visa|driver_license driving_license|id_card|birth_certificate",
    "withdrawal|transfer|deposit|top_up|direct_debit", "refund|exchange|warranty|voucher coupon", "iban|swift|routing_number|pin|cvv",
    "student students|teacher teachers|retiree retirees|veteran veterans|employee employees|freelancer freelancers",
    "bachelor bachelors|master masters|phd doctorate|mba", "gmat|gre|sat|toefl|ielts|lsat|mcat|upsc|ssc|neet|jee|cat|gate|clat", "kindergarten|elementary_school|middle_school|high_school|college university",
    "socialism|communism|capitalism|fascism|anarchism|liberalism|feminism", "democrat democrats|republican republicans", "congress|senate|parliament",
    "renaissance|enlightenment|middle_ages", "roman|ottoman|byzantine|mongol|persian|aztec|inca|mayan",
};
// clang-format on

}  // namespace semcached::guard

#endif  // SEMCACHED_GUARD_KINDS_DATA_H_
