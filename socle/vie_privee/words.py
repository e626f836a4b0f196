"""Words by which a person is told from what stands around: first names, functions, civilités, particles. Folded."""

PARTICLES = frozenset("le la les l de du des d da di do dos ar an al el ben ibn bin van von der den ter saint".split())  # noqa: SIM905
TIES = frozenset(["de", "d", "du", "des"])  # of a name to what stands before it
CIVILITES = frozenset(
    "m mr mm mme mmes mlle mlles monsieur messieurs madame mesdames mademoiselle dr docteur docteure maitre".split()  # noqa: SIM905
)
TITLES = dict.fromkeys(("m", "mr", "monsieur"), "Monsieur") | dict.fromkeys(
    ("mme", "mlle", "madame", "mademoiselle"), "Madame"
)
# Folded words that say what somebody does.
FUNCTIONS = frozenset(
    """
    adjoint adjointe administrateur administratrice agent agente agents animateur animatrice assistant assistante
    bibliothecaire benevole benevoles charge chargee chef cheffe chercheur chercheuse citoyen citoyenne citoyens
    collaborateur collaboratrice conseiller conseillere consultant consultante coordinateur coordinatrice
    coordonnateur coordonnatrice delegue deleguee designer developpeur developpeuse directeur directrice educateur
    educatrice elu elue elus equipes facilitateur facilitatrice formateur formatrice gerant gerante gestionnaire
    habitant habitante habitants ingenieur ingenieure instructeur instructrice maire mairesse manager mediateur
    mediatrice mediateurs membre membres president presidente professeur professeure referent referente responsable
    salarie salariee secretaire sociologue stagiaire technicien technicienne travailleur travailleuse usager usagere
    usagers vice
    """.split()  # noqa: SIM905 - a list to be read
)
# Those, and words that name organisations, services, places, things, or that sentences are made of.
COMMON = FUNCTIONS | frozenset(
    """
    agence agglo agglomeration administration ademe anct antenne apf archipel asso association associations atelier
    ateliers bibliotheque ca caf cabinet canton cc cu interco intercom caisse carsat ccas cdas centre cias cnaf cnam
    cnfpt cite codev collectif collectivite college comite commission communaute commune communes communal compagnie
    confederation conseil conseils coop cooperative cpam delegation departement departemental departementale
    departements direction ddets dreets ecole elementaire emploi entreprise epci equipe espace etablissement etat
    etudes faculte federation fondation forum foyer gip gie groupe groupement habitat hopital hub incubateur institut
    intercommunalite intercommunal interministerielle lab labo laboratoire ligue ltd lycee maison maisons mairie
    maternelle mediatheque metropole metropolitain ministere mission missions mjc mouvement msa mutualite mutuelle
    nationale observatoire office ong organisation organisme pays plateforme pole poste prefecture primaire programme
    projet projets regie region regional regionale reseau rectorat sa sarl sas scic scop secours secretariat secteur
    securite service services societe startup station structure syndicat territoire territoires tiers udaf union
    universite ville villes affaires agees archives associative autonomie citoyennete connect educative enfance
    finances france humaines informatique juridique marches parentalite patrimoine periscolaire personnes petite
    proximite ressources reussite scolaire scolaires seniors sport sports systemes technique techniques tourisme
    travail travaux urbanisme armor armorique atlantique bretagne breton bretonne finistere ille loire morbihan nantes
    quimper rennes vilaine a acces accueil accompagnement action actions adresse aide aides allocations au aux autre
    autres avec ce cette chez cohesion communication contact contacter contactez creative culture dans demander
    demarche developpement droit droits durable economie education elle en engagement environnement europe expert
    experte famille familiales familles femmes formation general generale generaux handicap ici il inclusif inclusion
    inconnu inconnue information innovation innovations insertion internet je jeunes jeunesse joindre local locale
    locaux logement mail mails mediation modernisation national nom nous numerique numeriques numero on ou par
    participation pas plus politique politiques pour prenom prevention professionnel professionnelle professionnels
    prospective public publics publique publiques recherche relations remplir renseigne renseigner riposte sante sans
    savoir site social sociale sociales sociaux solidaire solidaires solidarite solidarites sous sujet sur tel
    telephone tous tout toute toutes transformation transition un une usages via vie voir vous web
    """.split()  # noqa: SIM905 - a list to be read
)
# Of those, the ones that many families bear, whatever first name stands before them.
SURNAMES = frozenset("breton bretonne maire mairesse".split())  # noqa: SIM905
CALLED = frozenset("maire mairesse president presidente directeur directrice prefet prefete secretaire".split())  # noqa: SIM905
# What organisations and places are that bear the name of a person: « Espace Anna Marly », « rue Jean Jaurès ».
NAMED = frozenset(
    """
    allee amicale asso association avenue bibliotheque boulevard cabinet centre cite clinique college ecole ehpad espace
    faculte fondation foyer hopital impasse institut lycee maison mediatheque mjc place quai quartier residence rue
    salle square universite
    """.split()  # noqa: SIM905
)
# First names, folded. Not all that exist: what tells a person where other words stand around.
PRENOMS = frozenset(
    """
    aaron abdel abdelkader abdellah abderrahmane abdou abel abigail achille adam adama adelaide adele adeline adrien
    adrienne aela aelig aenor agathe agnes ahmed aicha aime aimee aissa aissatou alain alan alana alban albane albert
    alberte albertine alessandro alex alexandra alexandre alexia alexis alfred ali alice alicia aline alison alix
    allan aloys alphonse amadou amandine amar amaury ambre ambroise amel amelia amelie amina aminata amine amir ana
    anael anaelle anais anastasia anatole andre andrea andreas andree ange angela angele angelina angeline angelique
    anita anke ann anna annabelle annael annaelle annaick annaig annaik anne anneliese annette annick annie anouk
    anselme anthony antoine antoinette antonin antonio antony anwen aouregan apolline arielle aristide armand armande
    armel armelle arnaud arthur arzhel assia astrid aubin aude audrey auguste augustin augustine aure aurelia aurelie
    aurelien aurore awa awen awena axel axelle aymeric azelie azenor azilis aziliz aziz baptiste barbara barnabe
    bastien beatrice bechir benedicte benjamin benoit benoite berenger berenice bernadette bernard bernez berthe
    bertrand bettina bilal blaise blanche bleuenn bleuzenn boris boubacar brahim brenda brendan briac briag brice
    briec brieg brieuc brigitte bruno budog camille candice capucine carine carl carla carlos carmen carole carolina
    caroline cassandre catell catherine cecile cecilia cedric celeste celestin celia celina celine cesar chantal
    charlene charles charlie charline charlotte cheikh cherif chloe chris christel christele christelle christian
    christiane christina christine christophe christopher cindy claire clara clarisse claude claudette claudia claudie
    claudine clea clelia clemence clement clementine clotilde colette colin coline colombe come constance constant
    constantin cora coralie corentin corentine corine corinne cornelia cosima cyprien cyriaque cyril cyrille dalila
    damien daniel daniela daniele danielle danny dany daphne david deborah delphin delphine denez denis denise desire
    desiree diana diane didier dimitri dina dominique donatien donovan dora dorian doriane dorine doris dorothee dylan
    edern ederna edgar edith edmond edmonde edouard edwige eflamm elea eleanor elen elena eleonore elia elian eliane
    elias elie eliette elijah elina eline elisa elisabeth elise elizabeth ella ellen elliot eloan elodie eloi eloise
    elouan elouann elsa elvire elwenn emeline emeric emile emilie emilien emilienne emma emmanuel emmanuelle emmy enea
    enguerrand enora enzo eoza eric erica erick erik erika ernest ernestine erwan erwann erwin esteban estelle esther
    ethan etienne eugene eugenie eulalie eusebe eva evan evangeline eve evelyne ewan ewann ewen ewenn fabien fabienne
    fabio fabrice fadila faiza fanch fanny fant fanta farid farida fatiha fatima fatou fatoumata faustine felicie
    felicien felicite felix ferdinand fernand fernande fernando fiona firmin flavie flavien fleur flora florence
    florent florentin florian floriane florine fragan francine francis francisco franck francois francoise frank
    franseza franz fred frederic frederique gabin gabriel gabriela gabrielle gael gaelle gaetan gaetane gaid gaidig
    garance gaspard gaston gauthier gautier genevieve geoffrey geoffroy georges georgette georgina gerald geraldine
    gerard geraud germain germaine gerome ghislain ghislaine gilbert gilberte gilda gildas gilles gillian gina ginette
    gisele gladys glen glenn godefroy goneri goulven goulwen goulwenn grace graziella gregoire gregory guenael
    guenaelle guenola guenole guenolee guewen guilhem guillaume guillemette gurvan gurwan gustave guy guylaine guylene
    gweltaz gwen gwenael gwenaelle gwenaig gwenchlan gwendal gwendoline gwendolyn gwenn gwenna gwennaig gwenneg
    gwennole gwennyn gwenola gwenole gwenolee gwenvael gwilherm gwladys habib hadrien hafida hakim halima hamid hamza
    hanna hannah harold harry hassan heidi helen helena helene heloise henri henriette henry heodez herbert hermance
    hermine herri herve herveline hoel hortense houria hubert hugo hugues hyacinthe ian ibrahim ida idriss ignace igor
    ilan ilana ilona ilyes imane imed imene ines ingrid irene iris irma isaac isabel isabelle isaure isidore isis
    ismael issa ivan iwan izia izold jack jackie jacky jacob jacqueline jacques jade jakez jamal james jamila jan jane
    janick janie janine jaouen jasmine jason javier jean jeanine jeanne jeannette jeannie jeannine jeff jennifer jenny
    jennyfer jeremie jeremy jerome jessica jessy jihane jil jim joachim joan joanna joaquim jocelyn jocelyne jodie
    joel joelle joey joffrey johan johann johanna john johnny jonas jonathan jordan jordane jorge jose josee joseph
    josephe josephine josette joshua josiane josselin josseline josselyne josue joy judikael judith judoc jules julia
    julian juliane julie julien julienne juliette julio juste justin justine kader kadiatou kado kahina kamel kamila
    kaoru kaourantin kaourintine karen karim karima karin karine karl katarina katel katelig kateline katell katherine
    kathleen kathy katia katou katy kelig kelly kenan kenza kenzo kerwan kevin khadija khaled khalid kilian killian
    kim kimberley kireg klaoda klara klervi konan konogan koulm koupaia kristell kristen kristian kristina kyllian
    ladislas laetitia laetizia laig laila lambert lamia lana laouig lara laura laure laureen laurence laurene laurent
    laurette laurie laurine lazare lea leah leandre leane leila leilla lena lenaic lenaick lenaig lenny leo leon
    leonard leonardo leonce leone leonie leonor leopold leopoldine leslie letizia lila lilia lilian liliane lilie
    lilou lily lina linda line lino lionel lisa lise liselotte lison liv liza loan loane loann loeiz loeiza logan loic
    loick loiza lola lolita lomig lorelei loren lorena lorenza lorenzo loris lorraine lou louana louane louann louanne
    louay louis louisa louise louisette louison louka loup luc luca lucas luce lucette lucia lucian lucie lucien
    lucienne lucile lucille ludivine ludmilla ludovic ludwig luis luisa luka lukas luna lydia lydie lylou lyna lysiane
    mabel macha madalen madeleine madeline maden madenn madig mado mael maela maelann maelig maeline maelis maelle
    maelwenn maelyne maelys maeva magalene magali magalie magda magdalena mahaut mahe mahmoud mai maia maialen maina
    maite maiwen maiwenn malek malik malika malo malorie malou malvina malwena mamadou manech manoel manon manu manuel
    manuela maodez mara marc marceau marcel marcelin marceline marcelle marco marcus marga margaret margaux margot
    marguerite mari maria mariam mariama marianig marianna marianne mariannick marie marieke mariela marielle marilou
    marilyn marilyne marilyse marin marina marine mario marion marise marius marivon marjolaine marjorie marlene
    marthe martial martin martina martine marvin mary maryam maryannick marylene maryline maryse maryvonne mateo
    mathias mathieu mathilde mathis mathurin matilda matteo matthias matthieu matthis maud maude maureen maurice
    mauricette max maxence maxime maximilien maximin maya maylis medard medhi megane mehdi melaine melanie melina
    melinda meline melissa mellie melodie melvin melwan mercedes meriadec meriem meven mevena mewen michael michel
    michele micheline michelle mickael miguel mikael mikaela mikeal mila milan milena milo mina mireille miren miriam
    modeste mohamed mohammed moira moise mona monica monique morgan morgane morvan mouloud mounir mourad moussa muriel
    murielle mustapha mylene myriam myrtille nabil nabila nadege nadia nadine nadir nael naig naima naomi napoleon
    nassim nastasia natacha natalia natasha nathalie nathan nathanael neizan nell nella nelly neven nevena nevenoe
    nicholas nicolas nicole nikita nils nina ninian ninnog ninon noa noah noam noe noel noelie noella noelle noemi
    noemie nolan nolann nolwen nolwenn nolwenna nonn nora norbert nordine noreen norma norman nouria oanez oceane
    octave octavie odette odile odilon odin olga oliver olivia olivier olympe omar ombeline ondine ophelie oscar otto
    ouassila oumar owen ozvan pablo padraig padrig palmyre pamela paol paola paolig pascal pascale pascaline patrice
    patricia patricio patrick patrig paul paula paule paulette paulin pauline pedro peggy per perig perrig perrine
    perwenn peter petra petronille philibert philippe philippine philomene pia pier pierre pierrette pierrick pierrig
    pieter pol priscilla priscille prosper prudence prune quentin quitterie rachel rachelle rachid rachida rafael
    raissa ralph ramzi raoul raphael raphaelle raymond raymonde rebecca regine regis reine reinold remi remy renald
    renan renata renate renaud rene renee riagad ricardo richard rita rivanon riwal riwan riwanon robert roberta
    roberte roberto robin robinson roch rodolphe rodrigo rodrigue roger roland rolande romain romaine roman romane
    romaric romeo romuald romy ronan ronane rosa rosalie rosaline rose roseline roselyne rosemarie rosie rosine rosita
    roxane roxanne rozen rozenn ruben rudy ruth ryan sabine sabrina sacha said saida salah salim salima sally salma
    salome salomon salvatore sam samantha sami samia samir samira sammy samson samuel samy sandra sandrine sandy
    santiago sara sarah sasha saskia sauveur savannah scarlett seamus sean sebastian sebastien segolene selena selim
    selma selya serena serge sergio servan servane severin severine seydou seza sezni shana sharon sheila sherine
    sibylle sidonie siegfried siegrid sigrid silvain silvere silvia simeon simon simone sixtine sklaerenn soaig soaz
    soazh soazic soazick soazig sofia sofiana sofiane sohan soizic soizick soizig solange soledad solen solene solenn
    solenne soline sonia sonja sophia sophie stan stanislas stecy stefan stella stephan stephane stephanie stephen
    sterenn steve steven steward sullivan susan suzanna suzanne suzel suzette swan swann sybille sylvain sylvaine
    sylvana sylvere sylvestre sylvette sylvia sylviane sylvie tahar talia tamara tangi tanguy tania tao tara tariq
    tatiana teddy telma teo terence teresa tess tessa thaddee thais thea thelma theo theodora theodore theophane
    theophile thera therese thibaud thibault thibaut thiebault thierry thiphaine thomas tiago tifaine tifenn tim timeo
    timothe timothee tina tino tiphaine titouan titouane tobias tom toma tomas tommy toni tony toussaint tremeur
    treveur tristan tual tudal tudi tudual tudwal tugdual ulysse urbain ursula ursule valentin valentina valentine
    valere valeria valerian valerie valery vanessa vefa venceslas vera veronika veronique vianney victoire victor
    victoria victorien victorine vincent vincente vincianne violaine violette virgile virginia virginie visant vitalie
    vivian viviane vivien vivienne vladimir wafa walter wanda warren wassila wenceslas wendy wilfrid wilfried willem
    william willy winnoc winoc xavier xaviere yacine yael yaelle yamina yanis yann yannick yannig yannis yasmina
    yasmine yassine yehann ylan yoan yoann yohan yohann yolaine yolande youcef youenn youn youna younes youri youssef
    ysabel yseult yuna yvan yveline yves yvette yvon yvonne yvonnick zacharie zachary zahra zakaria zelie zephirin
    zephirine zephyr zineb zoe zora zoubida
    """.split()  # noqa: SIM905 - a list to be read
)
# First names that are words too: alone they tell no person in a sentence without capitals.
WORDS_TOO = frozenset(
    """
    aime aimee ambre ange blanche capucine celeste claire clemence come constance constant desire felicite fleur
    garance grace jade jasmine juste line loup luce marc mari marin marine melodie modeste pascal pier pierre prudence
    prune reine romain romaine romane rose roman ruth sam suzette victoire vincent violette
    """.split()  # noqa: SIM905
)
SURE = PRENOMS - WORDS_TOO
LABELS = frozenset(["nom", "prenom", "nee", "ne", "ep", "epouse", "dit", "dite"])  # « Nom : Riou, prénom : Anne »
ARTICLES = frozenset(["le", "la", "l"])
SAINTS = frozenset(["saint", "sainte", "st", "ste"])
