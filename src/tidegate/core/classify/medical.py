"""Medicines and illnesses, which are a person's health data where they stand beside a person, and general knowledge
elsewhere.

Generic names are WHO international non-proprietary names of common medicines; illnesses are those that people are most
often diagnosed with, and those that weigh most when they become known.
"""

# ruff: noqa: E501 - lists of words read better in few lines

from collections.abc import Iterable

from tidegate.core.classify.context import WORDS_ONLY, has_cue
from tidegate.core.classify.patterns import compile_pattern
from tidegate.core.classify.rows import Hit

MEDICINES = tuple(
    (  # noqa: SIM905 - three hundred quotes would not help
        "abacavir acarbose aciclovir acyclovir adalimumab albuterol alendronate allopurinol alprazolam amiodarone amitriptyline"
        " amlodipine amoxicillin anastrozole apixaban aripiprazole atenolol atomoxetine atorvastatin azathioprine azithromycin"
        " baclofen bevacizumab bicalutamide bictegravir bisoprolol buprenorphine bupropion buspirone candesartan capecitabine"
        " carbamazepine carboplatin carvedilol cefalexin cephalexin ceftriaxone celecoxib certolizumab cetirizine chlorthalidone ciprofloxacin"
        " cisplatin citalopram clarithromycin clindamycin clobazam clonazepam clonidine clopidogrel clozapine codeine colchicine"
        " cyclobenzaprine cyclophosphamide dabigatran dapagliflozin darunavir denosumab desvenlafaxine dexamethasone dextroamphetamine"
        " diazepam diclofenac digoxin diltiazem diphenhydramine disulfiram divalproex docetaxel dolutegravir donepezil doxazosin doxorubicin"
        " doxycycline dulaglutide duloxetine dupilumab efavirenz empagliflozin emtricitabine enalapril enoxaparin entecavir erlotinib erythromycin"
        " escitalopram esomeprazole estradiol eszopiclone etanercept etoricoxib ezetimibe famotidine febuxostat fenofibrate fentanyl"
        " finasteride fluconazole fluoxetine fluticasone fluvoxamine furosemide gabapentin glibenclamide gliclazide glimepiride glipizide"
        " glyburide haloperidol hydrochlorothiazide hydrocodone hydromorphone hydroxychloroquine hydroxyzine ibrutinib imatinib infliximab insulin"
        " ipratropium irbesartan isoniazid isotretinoin ivermectin ketamine ketoconazole labetalol lamivudine lamotrigine lansoprazole latanoprost"
        " leflunomide letrozole levetiracetam levodopa levofloxacin levothyroxine linagliptin liraglutide lisdexamfetamine lisinopril"
        " lithium loperamide loratadine lorazepam losartan lurasidone meloxicam memantine mercaptopurine mesalazine metformin"
        " methadone methimazole methotrexate methylphenidate methylprednisolone metoclopramide metoprolol metronidazole midazolam mirtazapine"
        " modafinil montelukast morphine mycophenolate naltrexone naproxen nebivolol nifedipine nitrofurantoin nitroglycerin nortriptyline ocrelizumab"
        " olanzapine olmesartan omeprazole ondansetron oseltamivir oxcarbazepine oxycodone paclitaxel paliperidone pantoprazole paroxetine"
        " pembrolizumab perindopril phenobarbital phenytoin pioglitazone prasugrel pravastatin prednisolone prednisone pregabalin"
        " prochlorperazine progesterone propranolol quetiapine quinapril rabeprazole raloxifene raltegravir ramipril ranitidine remdesivir rifampicin"
        " risedronate risperidone ritonavir rituximab rivaroxaban rizatriptan ropinirole rosuvastatin salbutamol semaglutide sertraline"
        " sildenafil simvastatin sitagliptin sofosbuvir solifenacin spironolactone sulfasalazine sumatriptan tacrolimus tadalafil tamoxifen"
        " tamsulosin temazepam tenofovir terbinafine testosterone ticagrelor timolol tiotropium tirzepatide tizanidine tofacitinib topiramate"
        " torsemide tramadol trastuzumab trazodone triamcinolone truvada ustekinumab valaciclovir valacyclovir valproate valsartan vancomycin"
        " varenicline venlafaxine verapamil voriconazole vortioxetine warfarin zidovudine ziprasidone zolpidem zopiclone"
    ).split()
)
ILLNESSES = (
    "hiv", "aids", "hepatitis b", "hepatitis c", "syphilis", "gonorrhea", "chlamydia", "herpes", "tuberculosis", "diabetes", "type 2 diabetes",
    "type 1 diabetes", "hypertension", "asthma", "copd", "epilepsy", "schizophrenia", "bipolar disorder", "depression", "major depressive disorder",
    "anxiety disorder", "ptsd", "adhd", "autism", "anorexia", "bulimia", "alcohol dependence", "opioid use disorder", "substance use disorder",
    "dementia", "alzheimer", "alzheimer's", "parkinson's", "parkinson's disease", "multiple sclerosis", "stroke", "heart failure",
    "coronary artery disease", "atrial fibrillation", "myocardial infarction", "chronic kidney disease", "cirrhosis", "crohn's disease",
    "ulcerative colitis", "rheumatoid arthritis", "lupus", "psoriasis", "leukemia", "lymphoma", "melanoma", "breast cancer", "prostate cancer",
    "lung cancer", "colon cancer", "pancreatic cancer", "ovarian cancer", "cancer", "endometriosis", "infertility", "miscarriage", "sickle cell",
    "cystic fibrosis", "hypothyroidism", "fibromyalgia", "migraine", "covid-19", "pneumonia", "sepsis", "borderline personality disorder",
)  # fmt: skip
_BEFORE_BYTES, _BEHIND_BYTES = 110, 70
_PERSONS = tuple(
    f" {word} ".encode()
    for word in (  # noqa: SIM905 - as above
        "patient pt he she his her him my mr mrs ms miss mother father wife husband son daughter sister brother"
        " client resident inpatient patientin patienten patiente paciente"
    ).split()
)
_TREATED = tuple(
    f" {word}".encode()
    for word in (
        "prescrib", "takes ", "taking ", "take ", "took ", "started on ", "start ", "put on ", "was given ", "on ", "dose", "daily ", "mg ", "mcg ",
        "tablet", "injection", "discharged", "admitted", "allergic", "medication", "refill", "verschrieben", "prend ", "toma ",
    )
)  # fmt: skip
_FOUND_ILL = tuple(
    f" {word}".encode()
    for word in (
        "diagnos", "suffers from", "suffering from", "history of", "treated for", "tested positive", "positive for", "presents with", "has ", "had ",
        "living with", "complains of", "admitted", "known ", "hx of", "dx ", "with ",
    )
)  # fmt: skip
_DOSE = compile_pattern(
    rb"(?i) \d+(?:\.\d+)? ?(?:mg|mcg|g|ml|units?|iu)\b(?:[ ,]+(?:po|iv|im|sc|daily|bid|tid|qid|qhs|prn|once|twice)\b)*"
)


def medicine(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """A medicine with its dose, if it is somebody who takes it."""
    context = _around(data, start, end)
    dosed = _DOSE.match(data, end, min(len(data), end + 48))[0][1]
    if not has_cue(context, _PERSONS) or (dosed < 0 and not has_cue(context, _TREATED)):
        return ()
    return (Hit(start, max(end, dosed), "phi.medication", 0.7, "medicine"),)


def illness(data: bytes, start: int, end: int) -> Iterable[Hit]:
    """An illness, if somebody has it."""
    context = _around(data, start, end)
    if not has_cue(context, _PERSONS) or not has_cue(context, _FOUND_ILL):
        return ()
    return (Hit(start, end, "phi.diagnosis", 0.65, "illness"),)


def _around(data: bytes, start: int, end: int) -> bytes:
    """The sentence, as far as a look may reach, in lower case with spaces for punctuation."""
    before = data[max(0, start - _BEFORE_BYTES) : start]
    cut = max(before.rfind(b". "), before.rfind(b"? "), before.rfind(b"\n\n"), before.rfind(b"\x1e"))
    behind = data[end : end + _BEHIND_BYTES].partition(b". ")[0].partition(b"\n\n")[0]
    return (b" " + before[cut + 1 :] + b" \x00 " + behind + b" ").lower().translate(WORDS_ONLY)


_CHAPTERS = {"D": 89, "E": 89, "F": 99, "H": 95, "K": 95, "P": 96, "T": 88, "U": 85}


def icd10(text: str) -> bool:
    """WHO ICD-10: the category is one that its chapter has."""
    number = text[1:3]
    return not number.isdigit() or int(number) <= _CHAPTERS.get(text[0].upper(), 99)
