/* Function words and typical letters, written down for newsmq. A word may stand in
   several languages: it counts the less, the more have it. */
#include "words.h"

/* clang-format off */
const struct language_words language_words[] = {
    {"en", SCRIPT_LATIN,
     "the of and to in a is that for it on was with as be at by this had not are but from or have an they which one you "
     "were her all she there would their we him been has when who will more no if out so said what up its about into than "
     "them can only other new some could these two may then do first any my now such like our over me even most after "
     "also did many before must through back years where much your way well down should because each just those people how "
     "too little state good very make still see own against says amid says his he i us while until under during between "
     "get gets wins win killed dies dead day week year why 's government officials official lawmakers officers charged arrested shares profit rises falls rise trial judge "
     "death strike workers students school schools children women woman girl boy family father mother city town "
     "village county border troops rebels fighters peace talks trade tax prices price growth high low flood floods "
     "quake rain snow heat plane ship boat road bridge power coal oil food farmers health doctors nurses study "
     "scientists research found finds shows warns urges calls seeks faces backs hits cuts ends begins opens closes "
     "returns leads leaves beat beats title league season game games goals players crowd house home street church king "
     "queen love life book world country north south east european british american chinese russian israeli african "
     "asian jobs rights law laws vote votes voters election elections bill fund funds work working living going taking "
     "making building being having", ""},
    {"de", SCRIPT_LATIN,
     "der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass "
     "sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch "
     "man sein wurde sei kann gegen vom können schon wenn habe seine mark ihre dann unter wir soll ich eines jahr zwei "
     "diese dieser wieder keine seiner worden will zwischen immer was sagte gibt alle seit muss wurden beim doch jetzt "
     "mehr ihr neue neuen wegen ab nun dies diesem ohne", "ßäöü"},
    {"fr", SCRIPT_LATIN,
     "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec son aux "
     "ont cette mais comme on ou été ses sa leur d l s n qu c était être fait elle deux même ces après aussi bien sans "
     "entre je nous vous tout tous ils peut encore avait contre selon dont très ans où depuis leurs faire lors non "
     "avant cela sous notre moins autres alors toujours quand si y chez ça pourquoi comment", "èêçàœùîôûë"},
    {"es", SCRIPT_LATIN,
     "de la que el en y a los se del las un por con no una su para es al lo como más o pero sus le ha me si sin sobre "
     "este ya entre cuando todo esta ser son dos también fue había era muy años hasta desde está mi porque qué sólo han "
     "yo hay vez puede todos así nos ni parte tiene él uno donde bien tiempo mismo ese ahora cada e vida otro después te "
     "otros aunque esa eso hace otra gobierno tan durante siempre día tanto ella tres sí dijo sido gran país según menos "
     "contra ante tras", "ñ¿¡"},
    {"it", SCRIPT_LATIN,
     "di e il che la in un a per è una del non con sono da della si le i dei al come più lo ha alla nel ma anche o gli "
     "delle dal se su ci ad dell ed hanno questo nella l loro suo era all cui dalla essere sua stato due anni tra tutti "
     "degli anche quando fra ora dopo chi così sul sulla dai nell agli molto fatto stata solo perché ai ancora questa "
     "mi contro alle quello sempre prima senza poi dove oggi già ecco d dall", "òìù"},
    {"pt", SCRIPT_LATIN,
     "de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu sua ou quando "
     "muito nos já eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem nas me esse eles você essa "
     "num nem suas meu às minha numa pelos elas qual nós lhe deles essas esses pelas este dele tu foi ser são está tem "
     "anos sobre após segundo contra ainda há disse ano pode onde é foram governo", "ãõ"},
    {"ca", SCRIPT_LATIN,
     "de la i el que a en els un per les una del amb no és al com més ha dels són o es pel seva aquest aquesta però també "
     "han seu ser ja als ho fins tot molt anys pels sobre entre quan va van perquè hi ni des d l s n on dos sense "
     "després contra segons aquests aquestes les seves", "ŀ"},
    {"ro", SCRIPT_LATIN,
     "de și în a la cu o pe să din că este un nu pentru care mai au sunt al fi ce prin fost dar s lui ale sau după ca "
     "cel a fost se ai ei lor fără are dintre până când despre cum foarte unei unui două acest această aceasta între "
     "doar fie sa său poate era le am ani spune fi astfel potrivit asupra către dacă tot el ea iar", "șțăşţ"},
    {"nl", SCRIPT_LATIN,
     "de van een het en in is dat op te zijn met voor die niet aan er om ook als dan maar bij uit nog wordt door naar "
     "heeft worden hij ze had was over tot of werd hebben deze kan al dit veel meer geen wat we moet jaar zou zich ik "
     "zo je haar onder tegen na wel ten hun mensen nu waar gaat toch twee volgens omdat hem zal nieuwe tussen alle "
     "kunnen moeten mee weer hier andere wie zegt eerste", ""},
    {"sv", SCRIPT_LATIN,
     "och i att det som en på är av för med den till inte om har de ett var vi från men jag kan man så under sig vid nu "
     "han efter hade ska eller när år där mot över också skulle hon blir bara ut in in blev mer alla mellan kommer "
     "sedan andra finns få upp inom än varit sina detta mycket någon år enligt vara får säger två vad nya denna dem "
     "samt utan", "åäö"},
    {"da", SCRIPT_LATIN,
     "og i at det er en til af på med for den som de har ikke et der var fra om han vil men kan jeg også så eller blev "
     "ved efter sig være nu skal over når år siger hvor havde ud blevet hun mod mere under bliver op man sin få selv "
     "mange end dette to da vi hvad kun siden alle ind uden kunne andre får sagt ham efter ifølge denne mellem meget "
     "noget dem være nye bare os hvis", "æøå"},
    {"no", SCRIPT_LATIN,
     "og i det er på til en som å for av at med har de ikke den et var om fra men han seg vi jeg så kan etter skal ble "
     "også eller blir når over være hun mot ut vil nå der da ved opp må sier år hadde enn under få bare mer mange dette "
     "hva kommer inn andre selv noen sin får to sitt mellom alle uten blitt ifølge sine gjør opp fikk disse noe være "
     "hvor gang nye siden helt ikkje eg ein frå meir berre dei", "æøå"},
    {"fi", SCRIPT_LATIN,
     "ja on ei että se oli hän mutta ovat kun tai joka mukaan myös kuin niin sen jo olla mitä vain nyt jos ole sitä "
     "tämä hänen kanssa vuoden ovat sekä jälkeen enää vielä ollut hyvin voi olisi koska siitä siihen mukaan eivät jonka "
     "sanoo kaikki nämä ne tämän kertoo jossa noin yli saa vuonna ollut aikana välillä paljon ennen toinen muun "
     "hänelle itse tulee tänä kautta suomen", "äö"},
    {"et", SCRIPT_LATIN,
     "ja on ei et see oli ta kui ka mis aga või siis nii ning kes oma veel selle mida pärast aasta ole olla üle kõik tema "
     "välja juba seda nad mitte pole kuid ära väga ainult poolt järgi kohta enam sest vastu koos saab olid eesti juures "
     "peale teise", "õüäö"},
    {"hu", SCRIPT_LATIN,
     "a az és hogy nem is egy ez volt meg csak már de el mint még azt ha kell ki szerint lehet után vagy minden aki le "
     "pedig majd ő akkor fel mert sem ezt amely között olyan nagyon sok most több illetve amikor van két arra annak "
     "első lesz magyar ami azonban ott miatt nincs így ezek azonban voltak alatt ellen új", "őű"},
    {"pl", SCRIPT_LATIN,
     "w i na się nie z do to że jest o jak a po co tak za od ale przez przy by są tylko był być jego dla ma ich już "
     "oraz było która który jej czy go ze może które także pod bardzo w roku lub ten tego tym jako sobie więc kiedy "
     "przed tej gdy bez jednak nas też mnie mu jeszcze między będzie została którzy nad we lat podczas powiedział wobec "
     "ku jego został", "łąęśżźćń"},
    {"cs", SCRIPT_LATIN,
     "a se v na je že to o s z do i ve si ale po jako za by jsem k jeho od který však nebo tak pro byl která při jak už "
     "ještě bylo jsou až jen má podle co pak než před své být není když bude jejich také mezi které bez jsme mu ze let "
     "také kde pod proti kteří může tím protože aby ani roce řekl své nové své tom", "ěřůčšž"},
    {"sk", SCRIPT_LATIN,
     "a sa v na je že to o s z do aj vo si ale po ako za by k jeho od ktorý však alebo tak pre bol ktorá pri už ešte "
     "bolo sú až len má podľa čo potom než pred svoje byť nie keď bude ich tiež medzi ktoré bez sme mu zo rokov kde pod "
     "proti ktorí môže tým pretože aby ani roku povedal nové", "ľĺŕô"},
    {"hr", SCRIPT_LATIN,
     "i je u se da na su za od s koji će a o kako ne iz te što to koja nije bi do koje ili ali bio sam po samo već još "
     "nakon bez prema biti kao ima prije oko zbog kad sve ova ovaj jer njegov između kod rekao također godine godina "
     "tijekom protiv više ni smo mu gdje danas bila bilo", "đčćšž"},
    {"sl", SCRIPT_LATIN,
     "in je v na da se so za ki z s pa bi ne tudi po kot iz pri o do še od že ali lahko ni med bo bil kar zaradi samo "
     "bila ko le vse jih leta kako biti proti po več tega ta če ob pred sta ga ter je dejal svoje", "čšž"},
    {"lt", SCRIPT_LATIN,
     "ir kad yra į su iš tai ne kaip buvo bet apie už nuo metų jau dar taip tik iki šis jo po jis prie arba pagal gali "
     "būti savo kurie dėl jos jų kuris labai nėra nes ar pat bus metais sakė dabar buvo", "ėįųūąęž"},
    {"lv", SCRIPT_LATIN,
     "un ir ka no ar par uz kas arī tika bet gadā to tas kā vai līdz viņš nav tā jau pēc tikai lai bija pie kuri būs "
     "savu gada ne vēl šo pret starp ļoti kad tie šī kurš tās var viņa kam teica", "āēīūļņķģ"},
    {"tr", SCRIPT_LATIN,
     "ve bir bu da de için ile çok olarak daha gibi olan kadar sonra ne o ise en ama göre her var mi ki oldu olduğunu "
     "veya değil yeni ilk iki yok şu son dedi etti büyük ancak ben diye tarafından üzerinde sadece ya içinde önce nasıl "
     "türkiye arasında başkanı olduğu zaman kendi bunu şöyle konuşan yıl karşı", "ğışç"},
    {"id", SCRIPT_LATIN,
     "yang dan di dengan untuk dari pada ini dalam itu tidak akan ke adalah juga oleh saat ada bisa karena atau tersebut "
     "mereka sudah telah kata tahun ia saya seperti secara lebih kami satu orang kita para menjadi bahwa hari anda lalu "
     "hanya banyak dapat antara belum masih namun sebagai kepada hingga setelah tak dia jika sejak harus terhadap warga "
     "kasus jadi mengatakan agar", ""},
    {"ms", SCRIPT_LATIN,
     "yang dan di untuk dengan ini itu dalam pada tidak akan kepada adalah oleh telah beliau katanya daripada kerana "
     "juga boleh mereka sebagai atau bagi seorang perlu orang tahun lebih turut berkata semalam manakala polis ialah "
     "kerajaan serta ketika selepas hari dapat ada negara kata", ""},
    {"vi", SCRIPT_LATIN,
     "và của là có trong cho được với các không một này người khi những đã từ ở đến ra về để tại cũng theo như nhiều năm "
     "ông vào hơn sẽ phải trên còn bị do nhưng nước sau việc cô chỉ anh vì đang mà thì nếu trước hai đó lại làm ngày tôi "
     "rất bằng thể qua", "ơưđạảấầậắằặẹẻẽếềểệỉịọỏốồổộớờởợụủứừửữựỳỵỷỹ"},
    {"sw", SCRIPT_LATIN,
     "na ya wa kwa ni katika za la kuwa cha huo hii hiyo baada yake watu kama pia mwaka huyo hivyo lakini alisema bila "
     "vya zaidi hata kuhusu yao wake mkuu siku jana si hao wao sana rais nchi serikali bado kutoka mwa hayo ambayo", ""},
    {"tl", SCRIPT_LATIN,
     "ang ng sa na mga at ay ni para si may hindi ito kay siya ko mo niya sila namin natin dahil kung din rin lang pa po "
     "nang ayon isang noong matapos pero kanyang mula wala naman kanilang ngayon", ""},
    {"af", SCRIPT_LATIN,
     "die van en in is het dat nie te vir met n op aan sy om hy was as by wat sal ook deur word uit ek kan maar nog na "
     "wees hulle oor daar dit ons so meer teen hom haar tot jaar gesê onder eerste hierdie moet sê mense", "ê"},
    {"is", SCRIPT_LATIN,
     "og að í á er sem til um við af en hann var með það ekki fyrir því þá hún eru frá þar hafa þess skal eða hver "
     "verið rétt sagði segir", "ðþæ"},
    {"gl", SCRIPT_LATIN,
     "de a o que e do da en un para é unha non con os no se na por máis as dos como ao seu súa ou tamén pola polo ata "
     "isto ela entre despois sen mesmo nos está teñen dereito foi ser son ten anos sobre", "ñ"},
    {"eu", SCRIPT_LATIN,
     "eta da ez du bat zuen dute ere izan dira baina den egin beste hau hori edo bere dela behar zen oso baino gabe "
     "arte dituzte duen gizon orok", ""},
    {"ga", SCRIPT_LATIN,
     "agus an na ar go is i a bhí ag le sé ní tá do sa leis sí chun nó mar atá gach ón den duine aon", ""},
    {"cy", SCRIPT_LATIN,
     "yn y a i o yr ar mae ei eu wedi gan bod neu hawl pawb am nid ac oedd fod hyn sydd gael bydd", "ŵŷ"},
    {"eo", SCRIPT_LATIN,
     "la kaj de en al estas por ne ĉiu kun li pri ke aŭ sia ni havas rajton ili tiu kiu el per ĉi", "ĉĝĥĵŝŭ"},
    {"sq", SCRIPT_LATIN,
     "e të në dhe një për i me që nga është se ka do nuk u si por më këtë kanë duke edhe ishte mund nëse pas tij saj "
     "këto kjo pasi ndaj deri kur tha janë te shumë vetëm ai", "ëç"},
    {"az", SCRIPT_LATIN,
     "və bu bir ilə də üçün olan ki deyil daha olub edib ci ildə görə sonra hər onun edən öz ən var isə kimi bildirib "
     "azərbaycan həm qədər olaraq tərəfindən", "ə"},
    {"ru", SCRIPT_CYRILLIC,
     "и в не на что с он как по к но за это из от его о у до для же был так а было она они бы мы при или если только "
     "все уже чтобы была со года может были их ее во том после также этого который которые под лет время который где "
     "очень ещё еще будет ему тем него между более тоже надо без нас вы я этом когда об через перед россии заявил будут "
     "стало рублей сообщил даже есть нет теперь против всех", "ыэё"},
    {"uk", SCRIPT_CYRILLIC,
     "і в на не що з у до та за як це він є для про від й по його але які був було під час також яка який або чи вже "
     "року вони ми через вона так після має є щоб були їх буде ще за своєї при бути того нього із якщо лише більше "
     "україни україні зі проти між були цього коли може тому тільки де всіх усіх заявив", "іїєґ"},
    {"bg", SCRIPT_CYRILLIC,
     "на и в от за да се не е с по са че до като ще които но или при който това след ли си той има че така през към "
     "която само бе още те бъде беше го му може са няма повече когато между обаче вече без над ни мнения защото между "
     "във със пред до ако тя някои които много техните българия срещу кой какво според", "ъ"},
    {"sr", SCRIPT_CYRILLIC,
     "и је у се да на су за од са који ће а о како не из те што то која није би до које или али био сам по само већ још "
     "након без према бити као има пре око због кад све ова овај јер његов између код рекао такође године", "ђјљњћџ"},
    {"mk", SCRIPT_CYRILLIC,
     "на и во од за да се не е со по ги што ќе како до кои но или при кој тоа беше овој оваа нема само биде има уште "
     "година меѓу поради според која кога сите", "ѓќѕј"},
    {"kk", SCRIPT_CYRILLIC,
     "және бұл бір мен үшін деп да де бар еді болып осы ол қазақстан туралы кейін болды отыр екен жылы бойынша керек дейін "
     "жоқ емес", "қғәңұһө"},
    {"ar", SCRIPT_ARABIC,
     "في من على إلى أن التي الذي عن مع هذا هذه ما لا كان بعد قبل بين كما أو قد لم كل ذلك أكثر خلال حيث عام غير إن عند "
     "ثم كانت يوم وقال وفي منذ حول حتى أي تم له به ضد نحو قال وأن أمس منها عليه الى ولا وقد اليوم", "ةىأإ"},
    {"fa", SCRIPT_ARABIC,
     "و در به از که این را با است برای آن یک خود تا کرد بر هم نیز شده گفت می های اما ای یا شد وی بود او دارد کرده کند "
     "ما دو اند هر شود اگر پس باید باشد چه همه نیست بین بعد ها سال روز نمی کنند توسط ایران", "پچژگکی"},
    {"ur", SCRIPT_ARABIC,
     "کے میں کی ہے اور سے کا کو اس نے کہ پر ہیں بھی یہ تھا جو ایک وہ ہو گیا کر لیے تھے نہیں کیا ان تھی گے اپنے ہی تو کہا "
     "بعد کسی گی ہوئے لئے جب پاکستان تک ہوا سکتا اپنی کوئی یا", "ٹڈڑےہںھپچگکی"},
    {"hi", SCRIPT_DEVANAGARI,
     "के में की है से का को और पर ने कि यह इस एक नहीं हैं भी कर लिए हो था ही गया तो वह जो किया या साथ रहे बाद अपने "
     "हुए जा थे हुआ अब कहा उन तक कुछ दिया थी रहा करने उनके सकता इसके", ""},
    {"mr", SCRIPT_DEVANAGARI,
     "आणि आहे या व हा ही हे ते की असे तर होते मध्ये आहेत नाही केले त्या यांनी झाली होता करण्यात येथे असून तसेच "
     "त्यांच्या आता पण होती केली", "ळ"},
    {"ne", SCRIPT_DEVANAGARI,
     "र छ को मा ले भएको छन् गरेको पनि हो यो गर्न लागि भने गर्ने उनले थियो तथा नेपाल गरी बताए हुने भएका रहेको अनुसार "
     "त्यो उनी नै", ""},
};
/* clang-format on */
const size_t n_language_words = sizeof language_words / sizeof language_words[0];
