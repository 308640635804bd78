"""Pairs of names: `SAME` are spellings of one name, `DIFFERENT` are neighbours that are not; lower case."""

from __future__ import annotations

Pair = tuple[str, str]


def _read(table: str) -> list[Pair]:
    """Read pairs written first=second."""
    return [(first, second) for first, _, second in (pair.partition("=") for pair in table.split())]


SAME = _read("""
    bakanov=bakhanov vasilevskaya=vassilevskaïa vasilevskaya=vassilyevskaya vassilevskaïa=vassilyevskaya
    joukov=zhukov poutine=putin tchaïkovski=tchaikovsky tchaïkovski=chaikovsky loukachenko=lukashenko
    eltsine=yeltsin khrouchtchev=khrushchev gorbatchev=gorbachev tchekhov=chekhov dostoïevski=dostoevsky
    dostoïevski=dostoyevsky tsiolkovski=tsiolkovsky korolev=korolyov korolev=koroliov novitski=novitsky
    novitski=novitskiy novitsky=novitskyi zelensky=zelenskyy zelensky=zelenski zelenski=zelenskyi kadhafi=gaddafi
    kadhafi=qaddafi

    lénine=lenin staline=stalin gagarine=gagarin pouchkine=pushkin borodine=borodin bakounine=bakunin
    boulgakov=bulgakov raspoutine=rasputin soljenitsyne=solzhenitsyn tourgueniev=turgenev tourgueniev=turgeniev
    tolstoï=tolstoy tolstoï=tolstoi maïakovski=mayakovsky essenine=yesenin essenine=esenin tsvetaïeva=tsvetaeva
    tsvetaïeva=tsvetayeva boukharine=bukharin kalinine=kalinin brejnev=brezhnev tchernenko=chernenko
    medvedev=medvédev jirinovski=zhirinovsky chevardnadze=shevardnadze ioujakov=yuzhakov choïgou=shoigu
    choïgou=shoygu prigojine=prigozhin michoustine=mishustin koudrine=kudrin sobianine=sobyanin narychkine=naryshkin
    navalny=navalnyi iavlinski=yavlinsky khodorkovski=khodorkovsky berezovski=berezovsky tchoubaïs=chubais
    prokofiev=prokofyev chostakovitch=shostakovich rachmaninov=rachmaninoff rachmaninov=rakhmaninov
    moussorgski=mussorgsky moussorgski=musorgsky rimski=rimsky scriabine=scriabin stravinski=stravinsky
    glazounov=glazunov khatchatourian=khachaturian chtchedrine=shchedrin nijinski=nijinsky diaghilev=diaguilev
    noureïev=nureyev barychnikov=baryshnikov tarkovski=tarkovsky zviaguintsev=zvyagintsev chtchoukine=shchukin
    malevitch=malevich kandinski=kandinsky jawlensky=javlensky rodtchenko=rodchenko

    terechkova=tereshkova leonov=léonov savitskaïa=savitskaya chatalov=shatalov djanibekov=dzhanibekov
    krikaliov=krikalev malentchenko=malenchenko prokopiev=prokopyev ovtchinine=ovchinin chkaplerov=shkaplerov
    riazanski=ryazansky artemiev=artemyev sourikov=surikov kondratiouk=kondratyuk roukavichnikov=rukavishnikov
    ryjikov=ryzhikov tchernychevski=chernyshevsky mendeleïev=mendeleev mendeleïev=mendeleyev lomonossov=lomonosov
    kourtchatov=kurchatov tcherenkov=cherenkov lobatchevski=lobachevsky tchebychev=chebyshev liapounov=lyapunov
    lyssenko=lysenko tsiolkovskaïa=tsiolkovskaya chklovski=shklovsky zeldovitch=zeldovich alekhine=alekhin
    kortchnoï=korchnoi kariakine=karyakin karjakin=kariakine charapova=sharapova kournikova=kurnikova safine=safin
    ovetchkine=ovechkin kovaltchouk=kovalchuk chevtchenko=shevchenko iachine=yashin bouré=bure fedorov=fyodorov
    fedorov=fiodorov semenov=semionov semenov=semyonov soloviov=solovyov soloviev=solovyev mouraviov=muravyov
    goumilev=gumilyov likhatchev=likhachov pougatchev=pugachev ouliukaïev=ulyukayev

    sergueï=sergei sergueï=sergey alexeï=alexey alexeï=aleksei nikolaï=nikolay nikolaï=nikolai vassili=vasily
    vassili=vasiliy youri=yuri youri=yury iouri=yuri evgueni=evgeny evgueni=yevgeny evgueni=evgeni guennadi=gennady
    dmitri=dmitry dmitri=dmitriy anatoli=anatoly vitali=vitaly mikhaïl=mikhail andreï=andrey andreï=andrei
    ekaterina=yekaterina tatiana=tatyana ioulia=yulia lioubov=lyubov piotr=pyotr fiodor=fyodor ilia=ilya
    grigori=grigory arkadi=arkady guerman=german oksana=oxana larissa=larisa lioudmila=lyudmila timofeï=timofey
    matveï=matvey youlia=yulia natalia=natalya

    timochenko=tymoshenko porochenko=poroshenko iouchtchenko=yushchenko ianoukovitch=yanukovych
    ianoukovitch=yanukovich koutchma=kuchma kravtchouk=kravchuk klitschko=klitchko chmyhal=shmyhal iermak=yermak
    zaloujny=zaluzhny boudanov=budanov khmelnytsky=khmelnitski petlioura=petliura tikhanovskaïa=tikhanovskaya
    tsikhanouskaïa=tsikhanouskaya alexievitch=alexievich chouchkevitch=shushkevich domratcheva=domracheva
    kovalenok=kovalyonok klimouk=klimuk makeï=makei rogozine=rogozin bobrouïsk=bobruisk jytomyr=zhytomyr
    tchernobyl=chernobyl tcherkassy=cherkasy vinnytsia=vinnytsya

    nazarbaïev=nazarbayev nazarbaïev=nazarbaev tokaïev=tokayev baïkonour=baikonur moussabaïev=musabayev
    aïmbetov=aimbetov koulibaïev=kulibayev massimov=masimov janaozen=zhanaozen chymkent=shymkent golovkine=golovkin
    kounaïev=kunayev kirghizistan=kirgizistan bakiïev=bakiyev akaïev=akayev mirzioïev=mirziyoyev tachkent=tashkent
    boukhara=bukhara bichkek=bishkek ouzbékistan=uzbekistan tadjikistan=tajikistan azerbaïdjan=azerbaijan
    turkmenbachi=turkmenbashi pachinian=pashinyan kotcharian=kocharyan mkhitarian=mkhitaryan erevan=yerevan
    saakachvili=saakashvili djougachvili=dzhugashvili zourabichvili=zurabishvili ivanichvili=ivanishvili
    gamsakhourdia=gamsakhurdia roustavéli=rustaveli kantcheli=kancheli iosseliani=ioseliani tbilissi=tbilisi
    batoumi=batumi soukhoumi=sukhumi koutaïssi=kutaisi kadyrov=kadirov

    jivkov=zhivkov jelev=zhelev gueorguieva=georgieva borissov=borisov stoïtchkov=stoichkov djokovitch=djokovic
    ivanovitch=ivanovic stoyanov=stoïanov roumen=rumen khristov=hristov novossibirsk=novosibirsk irkoutsk=irkutsk
    iakoutsk=yakutsk krasnoïarsk=krasnoyarsk tcheliabinsk=chelyabinsk ienisseï=yenisei tioumen=tyumen
    voronej=voronezh nijni=nizhny sakhaline=sakhalin sotchi=sochi oural=ural baïkal=baikal vorkouta=vorkuta
    mourmansk=murmansk tchita=chita vostotchny=vostochny plessetsk=plesetsk kapoustine=kapustin

    mohammed=mohamed mohammed=muhammad hussein=houssein moubarak=mubarak rachid=rashid rachid=rasheed bachar=bashar
    moustafa=mustafa moustafa=mustapha djamal=jamal walid=oualid mahmoud=mahmood karim=kareem farouk=farooq
    youssouf=yussuf abdoul=abdul mourad=murad achraf=ashraf mossoul=mosul kaboul=kabul djeddah=jeddah riyad=riyadh
    doubaï=dubai falloujah=fallujah falloujah=falluja tobrouk=tobruk marrakech=marrakesh irak=iraq bagdad=baghdad
    daech=daesh cheikh=sheikh djihad=jihad machrek=mashrek oussama=osama ghali=gali orlov=orloff smirnov=smirnoff
    mouravieff=muraviev korsakov=korsakoff davydov=davidoff nétanyahou=netanyahu itzhak=yitzhak gourion=gurion
    chalom=shalom toung=tung papandréou=papandreou tsípras=tsipras soudan=sudan

    koutouzov=kutuzov souvorov=suvorov potemkine=potemkin menchikov=menshikov pougatcheva=pugacheva
    joukovski=zhukovsky gontcharov=goncharov griboïedov=griboyedov nekrassov=nekrasov ostrovski=ostrovsky
    tiouttchev=tyutchev bounine=bunin kouprine=kuprin zamiatine=zamyatin cholokhov=sholokhov evtouchenko=yevtushenko
    voznessenski=voznesensky okoudjava=okudzhava vyssotski=vysotsky chalamov=shalamov brodski=brodsky
    oulitskaïa=ulitskaya akounine=akunin pelevine=pelevin sorokine=sorokin prilepine=prilepin chichkine=shishkin
    berdiaev=berdyaev chestov=shestov kropotkine=kropotkin zinoviev=zinovyev trotski=trotsky boudienny=budyonny
    vorochilov=voroshilov toukhatchevski=tukhachevsky dzerjinski=dzerzhinsky iejov=yezhov iagoda=yagoda
    jdanov=zhdanov souslov=suslov kossyguine=kosygin oustinov=ustinov ryjkov=ryzhkov iazov=yazov routskoï=rutskoy
    khasboulatov=khasbulatov gaïdar=gaidar politkovskaïa=politkovskaya sourkov=surkov patrouchev=patrushev
    matvienko=matviyenko volochine=voloshin kirienko=kiriyenko tchernomyrdine=chernomyrdin stepachine=stepashin
    ziouganov=zyuganov guerassimov=gerasimov belooussov=belousov spasski=spassky petrossian=petrosian
    mamediarov=mamedyarov radjabov=rajabov boubka=bubka isinbaïeva=isinbayeva roublev=rublev khatchanov=khachanov
    dementieva=dementyeva kouznetsova=kuznetsova pliouchtchenko=plyushchenko iagoudine=yagudin sloutskaïa=slutskaya
    chtcherbakova=shcherbakova valieva=valiyeva blokhine=blokhin lobanovski=lobanovsky archavine=arshavin
    loujkov=luzhkov abramovitch=abramovich timtchenko=timchenko potanine=potanin oumarov=umarov bassaïev=basayev
    doudaïev=dudayev okrouachvili=okruashvili bourdjanadze=burjanadze garibachvili=garibashvili
    tchavtchavadze=chavchavadze atambaïev=atambayev japarov=djaparov ghannouchi=ghannoushi chahed=shahed
    machaal=mashaal joumblatt=jumblatt bachir=bashir tourabi=turabi khachoggi=khashoggi davoutoglu=davutoglu
    khameneï=khamenei rohani=rouhani karzaï=karzai massoud=masood moucharraf=musharraf chamil=shamil
    choukhov=shukhov touchine=tushin tchitchikov=chichikov jivago=zhivago stavroguine=stavrogin mychkine=myshkin
    svidrigaïlov=svidrigailov marmeladov=marmeladow vronski=vronsky karénine=karenin bolkonski=bolkonsky
    bezoukhov=bezukhov onéguine=onegin petchorine=pechorin bazarov=bazaroff tcherniakhov=chernyakhov artsakh=artzakh
    chouchi=shushi gorki=gorky mariinski=mariinsky bolchoï=bolshoi berdymoukhammedov=berdymukhammedov

    koulechov=kuleshov poudovkine=pudovkin dovjenko=dovzhenko kontchalovski=konchalovsky bondartchouk=bondarchuk
    lounguine=lungin sokourov=sokurov pichtchevski=pishchevsky goubaïdoulina=gubaidulina oïstrakh=oistrakh
    guilels=gilels rojdestvenski=rozhdestvensky mravinski=mravinsky chaliapine=chaliapin chaliapine=shalyapin
    plissetskaïa=plisetskaya oulanova=ulanova vassiliev=vasiliev maximova=maksimova lavrovski=lavrovsky
    guerguiev=gergiev kissine=kissin matsouev=matsuev berezovski=berezovskiy gontcharova=goncharova tatline=tatlin
    roubliov=rublyov aïvazovski=aivazovsky lévitan=levitan vroubel=vrubel chagall=shagal vernadski=vernadsky
    mitchourine=michurin metchnikov=mechnikov joukovskaïa=zhukovskaya kovalevskaïa=kovalevskaya
    ostrogradski=ostrogradsky pontriaguine=pontryagin guelfand=gelfand kantorovitch=kantorovich tikhonov=tikhonoff
    tchelomeï=chelomey glouchko=glushko bouchouïev=bushuyev beliaïev=belyaev bykovski=bykovsky popovitch=popovich
    nikolaïev=nikolayev chonine=shonin filiptchenko=filipchenko kouzmine=kuzmin goubarev=gubarev gretchko=grechko
    liakhov=lyakhov soloviov=solovyev jolobov=zholobov zoudov=zudov rojdestvenski=rozhdestvenskiy iegorov=yegorov
    iegorov=egorov iourtchikhine=yurchikhin chargine=shargin dejourov=dezhurov lazoutkine=lazutkin
    oussatchev=usachev boudarine=budarin tiourine=tyurin sourayev=surayev novitskiï=novitsky doubrov=dubrov
    fediaïev=fedyaev tchoub=chub tchernykh=chernykh chtcherba=shcherba iatseniouk=yatsenyuk tourtchinov=turchynov
    tiahnybok=tyahnybok kolomoïski=kolomoisky akhmetov=ahmetov chouster=shuster jadan=zhadan kourkov=kurkov
    andreïeva=andreeva lypa=lipa chevtchouk=shevchuk oussyk=usyk iouchkevitch=yushkevich statkevitch=statkevich
    protassevitch=protasevich karatkievitch=karatkevich souleïmenov=suleimenov abaï=abay moukhtar=mukhtar
    kalioujny=kalyuzhny atyraou=atyrau kvitachvili=kvitashvili ouchakov=ushakov koltchak=kolchak denikine=denikin
    youdenitch=yudenich kerenski=kerensky milioukov=milyukov goutchkov=guchkov rodzianko=rodzyanko

    goussinski=gusinsky fridman=friedman ousmanov=usmanov lissine=lisin setchine=sechin nabioullina=nabiullina
    ouliana=ulyana volodine=volodin jourova=zhurova tchepourine=chepurin riabkov=ryabkov tchourkine=churkin
    nebenzia=nebenzya iliouchine=ilyushin soukhoï=sukhoi tupolev=toupolev iakovlev=yakovlev mikoïan=mikoyan
    kalachnikov=kalashnikov degtiarev=degtyarev chpaguine=shpagin zaïtsev=zaitsev rokossovski=rokossovsky
    koniev=konev tchouïkov=chuikov vatoutine=vatutin vassilevski=vasilevsky boudionny=budyonny
    pokrychkine=pokryshkin kojedoub=kozhedub pavlitchenko=pavlichenko choukchine=shukshin tchoukovski=chukovsky
    marchak=marshak paoustovski=paustovsky zochtchenko=zoshchenko pilniak=pilnyak olecha=olesha tioutchev=tyutchev
    baratynski=baratynsky karamzine=karamzin radichtchev=radishchev derjavine=derzhavin biélinski=belinsky
    herzen=gertsen ogarev=ogaryov netchaïev=nechayev tkatchev=tkachev plékhanov=plekhanov zassoulitch=zasulich
    rykov=rikov ordjonikidze=ordzhonikidze kaganovitch=kaganovich chepilov=shepilov choulguine=shulgin
    petchersk=pechersk lougansk=lugansk zaporojié=zaporozhye marioupol=mariupol kherson=herson boutcha=bucha
    tchernihiv=chernihiv jitomir=zhitomir soumy=sumy tchernivtsi=chernivtsi ouman=uman berditchev=berdichev
    kharms=harms lioudmila=ludmila wrangel=vrangel karamazov=karamazof berdymoukhammedov=berdimuhamedow
    chnittke=schnittke lioudmila=liudmila
""")

DIFFERENT = _read("""
    bakanov=balkanov ivanov=ivanova petrov=petrova romanov=roman romanov=romanova bakanov=bakunin bakanov=baranov
    simon=simone martin=martine martin=marin bernard=bernhard paulin=pauline carolin=caroline justin=justine
    christin=christine catherin=catherine valentin=valentine augustin=augustine antonin=antonine marin=marine
    clementin=clémentine florentin=florentine corentin=corentine celestin=célestine constantin=constantine
    perrin=perrine sabin=sabine benjamin=benjamine georgin=georgine josephin=joséphine delphin=delphine nadin=nadine
    karin=karine janin=janine regin=régine jacquelin=jacqueline michelin=micheline claudin=claudine
    albertin=albertine alexandrin=alexandrine madelin=madeleine ondin=ondine amandin=amandine robin=robine
    cousin=cousine voisin=voisine cousin=coussin latin=latine limousin=limousine tambourin=tambourine
    poussin=poussine boudin=boudine sanguin=sanguine coquin=coquine taquin=taquine machin=machine bellow=below
    belov=below elbov=elbow begin=béguine chin=chine chopin=chopine dauphin=dauphine chagrin=chagrine
    souverain=souveraine roumain=roumaine argentin=argentine mandarin=mandarine jean=jeanne louis=louise
    denis=denise daniel=danielle michel=michèle gabriel=gabrielle pascal=pascale rené=renée andré=andrée
    françois=françoise laurent=laurence robert=roberta charles=charlotte alexis=alex colin=collin morel=morelle
    renard=bernard durand=durant dupond=dupont dupuis=dupuy blanc=blanche petit=petite baron=barron carol=carroll
    clark=clarke brown=browne smith=smythe allan=allen marshall=martial johnson=johnston thomson=thompson
    stephens=stevens anderson=andersen hansen=hanson harris=harrison miller=muller muller=moulin peters=petrov
    williams=wilson cooper=copper walker=waller turner=tanner hunter=hunt wright=white poison=poisson dessert=desert
    later=latter super=supper diner=dinner base=basse ruse=russe rose=rosse case=casse mile=mille vile=ville
    home=homme some=somme pate=patte fame=femme dessous=dessus roue=rue sous=sus mouse=muse pour=pure coup=cup
    tout=tut four=fur house=hush chip=ship chop=shop chin=shin chips=ships chops=shops march=marsh much=mush
    leach=leash chose=shows cheap=sheep shopping=chopping sheer=cheer went=vent west=vest wine=vine worse=verse
    wary=vary years=ears yeast=east yet=et boys=bois days=dais mays=mais says=sais toys=toits jour=your juste=chuste
    jeu=cheu lyre=lire byte=bite tyre=tire hers=hiers fers=fiers terre=tiers mer=mère père=pierre marie=mare
    marie=marrie miel=mel meet=mit feels=fils steel=stil sleep=slip sheep=ship seen=sin soon=sun books=bucks
    root=rut poor=pur feet=fit week=wick

    medvedev=medvedeva medvedev=medvedenko lebedev=lebedeva lebedev=levedev zhukov=zhukova zhukov=zukov
    chumakov=shumakov tchoumakov=choumakov chulkov=shulkov chuvalov=shuvalov chukhov=shukhov zhukov=zykov
    chernov=shernov markov=makarov suslov=sushkov rublev=rubtsov chernov=chernyshov sechin=sychin tushin=tuchkov
    zhukov=shukov joukov=choukov kuznetsov=kuznetsova shevchenko=savchenko lukashenko=lukashevich ivanov=ivanenko
    ivanov=ivanovich petrov=petrenko petrovsky=petrovskaya petrovski=petrovka novitski=nowicka savitsky=savitskaya
    savitski=savinski vasilevsky=vasilevskaya vasilevsky=vasiliev pushkin=pushkov pouchkine=pouchkina putin=putina
    poutine=poutina lenin=lenina stalin=stalina stalin=stallone gagarin=gagarina gagarine=gavrine kalinin=kalinina
    kalinin=kalininsk bunin=bulgakov bakunin=bukharin korolev=korovin korolev=koroleva karpov=kasparov
    karpov=karpova karpov=kapov gorbachev=gorbunov tolstoy=tolstaya dostoevsky=dostoevskaya tarkovsky=tchaikovsky
    nikitin=nikita nikitine=nikitina sergei=serge sergei=sergio andrei=andrea andrey=andre yuri=yulia dmitri=dmitra
    alexei=alexis nikolai=nicole anatoly=anatole vasily=vasilis natalia=nathalie tatiana=titania ekaterina=catherine
    olga=oleg irina=irene leonov=leonova leonov=levonov titov=titova titov=tito titov=tikhov komarov=makarov
    orlov=orlova orlov=oslov sokolov=sokolova volkov=volkova volkov=volgov popov=popova popov=pavlov pavlov=pavlova
    pavlov=pavlovich smirnov=smirnova morozov=morozova morozov=mozorov nazarbayev=nazarov tokayev=tokarev
    aimbetov=akhmetov saakashvili=margvelashvili zelensky=zalensky kravchuk=kovalchuk shushkevich=shostakovich
    astana=astrakhan kazan=kazakh minsk=pinsk kursk=irkutsk omsk=tomsk moscow=moskva kiev=kyiv bashar=bazar
    karim=kasim walid=khalid jamal=kamal murad=mourir rashid=rachel mubarak=barack iraq=iran sudan=soldat
    kabul=cabale mosul=mossad

    chumak=shumak chernenko=sherenko antonov=antipov gusev=gusenko mironov=mironova sobolev=sobolevsky
    grishin=grechin dubov=dubrov zotov=zaitsev kuzmin=kuzmina voronin=voronina larin=larina savin=savine
    panin=pannin serov=serova sedov=sidorov filin=filine rozov=rossov kiselev=koshelev yashin=yeshin karpin=karpine
    bulatov=bulanov baturin=batourov moulin=moline poulin=pauline dupin=dupine chapin=shapiro charlotte=sharlot
    charon=sharon chopin=shopping cherry=sherry dion=dionne henin=hénine bourdon=burdon fourier=furier
    rousseau=russo coulomb=colomb boulez=bulez foucault=fucault loubet=lubet bouvier=buvier bossuet=bosuet
    bizet=bizot massenet=masenet ravel=revel lully=luly
    rossini=rosini cassini=casini count=cunt
""")
