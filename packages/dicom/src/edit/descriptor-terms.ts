// Words that describe acquisitions and cannot name a person, a place or a date: what the option to clean descriptors lets stand
// (PS3.15 E.3.5). In small letters; anything else is taken out.

const terms = `
abdomen abdominal acl acute adc adrenal angio angiography angiogram ankle anterior aorta aortic ap apical apnea arterial artery
arthro arthrogram arthrography ascending atlas attenuation average ax axial axilla axillary axis
bilateral biliary biopsy bladder blade blood body bolus bone bones bony brachial brachytherapy brain breast breath breathhold
bronchial bravo
calcaneus calcium cardiac carotid carotids cavity cerebellum cerebral cervical cest chest chin circle cine cisternogram clavicle
coccyx coccyx colon colonography color colour common complete contrast coronal coronary correction corrected cor cortex cranial
cranium cr csf ct cta ctp curved cut
deep delay delayed density dental descending diaphragm diastole diffusion digital dissection distal doppler dorsal dose dosimetry
dti dual duct duplex dwi dx dynamic
ear early echo elbow emission empty endorectal enhanced epi epigastric esophagus evaluation exam examination expiration extremity
eye
fa face facial fast fat fdg femoral femur fetal fetus ffe field fiesta film filter finger first flair flash flow flat fluoro
fluoroscopy fmri follow followup foot forearm frontal fs fse full functional
gadolinium gallbladder gantry gated gating gd gradient gre groin grasp
hand haste head heart hemi hepatic high hip hips hrct humerus hybrid
iac ice iliac image images inferior infusion inguinal injection inner inspiration intestine intracranial inversion ir isotropic
iso iv iv+ iv-
jaw joint
kidney kidneys knee knees kub
lat lateral late left leg legs lens liver localizer localiser long loss low lower lumbar lumbosacral lung lungs lymph
magnetic mammo mammogram mammography mandible map mapping mask maxilla maximum mean medial mediastinum mesenteric mid mild min
minimum mip mlo monitoring motion mpr mprage mr mra mri mrcp mrs mrv multi muscle myelo myelogram myocardial myocardium
nasal native neck neuro nm no noncontrast non none normal nuclear
obl oblique occipital open oral orbit orbits order other out ovary overview
pa pancreas paranasal parasagittal parietal parotid pass patella patellar pc pd pdw pelvic pelvis penis perfusion peripheral pet
phantom pharynx phase phantoms pilot pituitary plain plane pleura portal portable position post posterior precontrast
postcontrast pre projection prone propeller prostate protocol proton proximal pulmonary
quick quality
radial radiograph radius rao ratio recon reconstruction rectal rectum ref reference reformat reformatted renal resolution rest
resting result results retro ribs right roi routine rt
sacral sacrum sag sagittal saline scan scapula scout screening se second secondary segment segmentation sella series shoulder
short sinus sinuses skeletal skull slab slice slices small smooth soft spect spectroscopy spgr spin spinal spine spleen spoiled
standard static std stereo sternum stir stomach stress study sub subclavian subtraction sunrise superior supine survey
sw swi systole
t1 t1w t2 t2* t2w tse tfe tof tag tagging temporal test testis thick thickness thigh thin third thoracic thorax thrive throat
thumb thyroid tibia tibial time tissue toe toes tomo tomography tomosynthesis tongue tracer tract transmission transversal
transverse trauma treatment triphasic trunk tumor tumour turbo two three four
ulna ultrasound ungated unenhanced upper ureter urethra urinary uterus us
vagina valve vascular vein veins venous ventral ventricle ventricular vertebra vertebral vessel vessels vibe view views viability
volume volumetric
water weighted whole wholebody window with without wo w wrist
xa xray x
`;

export const descriptorTerms: ReadonlySet<string> = new Set(terms.split(/\s+/).filter((term) => term !== ''));
