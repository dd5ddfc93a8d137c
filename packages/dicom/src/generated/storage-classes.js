// Storage SOP classes (PS3.4 B.5, incl. retired, draft, DICONDE, DICOS): UID under 1.2.840.10008, keyword, modality.
// Written by scripts/generate/generate.ts: do not edit.
export const storageClassTable = `1.3.10	MediaStorageDirectoryStorage
5.1.1.27	RETIRED_StoredPrintStorage
5.1.1.29	RETIRED_HardcopyGrayscaleImageStorage
5.1.1.30	RETIRED_HardcopyColorImageStorage
5.1.4.1.1.1	ComputedRadiographyImageStorage	CR
5.1.4.1.1.1.1	DigitalXRayImageStorageForPresentation	DX
5.1.4.1.1.1.1.1	DigitalXRayImageStorageForProcessing	DX
5.1.4.1.1.1.2	DigitalMammographyXRayImageStorageForPresentation	MG
5.1.4.1.1.1.2.1	DigitalMammographyXRayImageStorageForProcessing	MG
5.1.4.1.1.1.3	DigitalIntraOralXRayImageStorageForPresentation	IO
5.1.4.1.1.1.3.1	DigitalIntraOralXRayImageStorageForProcessing	IO
5.1.4.1.1.2	CTImageStorage	CT
5.1.4.1.1.2.1	EnhancedCTImageStorage	CT
5.1.4.1.1.2.2	LegacyConvertedEnhancedCTImageStorage	CT
5.1.4.1.1.3	RETIRED_UltrasoundMultiframeImageStorage	US
5.1.4.1.1.3.1	UltrasoundMultiframeImageStorage	US
5.1.4.1.1.4	MRImageStorage	MR
5.1.4.1.1.4.1	EnhancedMRImageStorage	MR
5.1.4.1.1.4.2	MRSpectroscopyStorage	MR
5.1.4.1.1.4.3	EnhancedMRColorImageStorage	MR
5.1.4.1.1.4.4	LegacyConvertedEnhancedMRImageStorage	MR
5.1.4.1.1.5	RETIRED_NuclearMedicineImageStorage	NM
5.1.4.1.1.6	RETIRED_UltrasoundImageStorage	US
5.1.4.1.1.6.1	UltrasoundImageStorage	US
5.1.4.1.1.6.2	EnhancedUSVolumeStorage	US
5.1.4.1.1.6.3	PhotoacousticImageStorage	PA
5.1.4.1.1.7	SecondaryCaptureImageStorage	OT
5.1.4.1.1.7.1	MultiframeSingleBitSecondaryCaptureImageStorage	OT
5.1.4.1.1.7.2	MultiframeGrayscaleByteSecondaryCaptureImageStorage	OT
5.1.4.1.1.7.3	MultiframeGrayscaleWordSecondaryCaptureImageStorage	OT
5.1.4.1.1.7.4	MultiframeTrueColorSecondaryCaptureImageStorage	OT
5.1.4.1.1.8	RETIRED_StandaloneOverlayStorage
5.1.4.1.1.9	RETIRED_StandaloneCurveStorage
5.1.4.1.1.9.1	DRAFT_WaveformStorage
5.1.4.1.1.9.1.1	TwelveLeadECGWaveformStorage	ECG
5.1.4.1.1.9.1.2	GeneralECGWaveformStorage	ECG
5.1.4.1.1.9.1.3	AmbulatoryECGWaveformStorage	ECG
5.1.4.1.1.9.1.4	General32BitECGWaveformStorage	ECG
5.1.4.1.1.9.2.1	HemodynamicWaveformStorage	HD
5.1.4.1.1.9.3.1	CardiacElectrophysiologyWaveformStorage	EPS
5.1.4.1.1.9.4.1	BasicVoiceAudioWaveformStorage	AU
5.1.4.1.1.9.4.2	GeneralAudioWaveformStorage	AU
5.1.4.1.1.9.5.1	ArterialPulseWaveformStorage
5.1.4.1.1.9.6.1	RespiratoryWaveformStorage	RESP
5.1.4.1.1.9.6.2	MultichannelRespiratoryWaveformStorage	RESP
5.1.4.1.1.9.7.1	RoutineScalpElectroencephalogramWaveformStorage	EEG
5.1.4.1.1.9.7.2	ElectromyogramWaveformStorage	EMG
5.1.4.1.1.9.7.3	ElectrooculogramWaveformStorage	EOG
5.1.4.1.1.9.7.4	SleepElectroencephalogramWaveformStorage	EEG
5.1.4.1.1.9.8.1	BodyPositionWaveformStorage	POS
5.1.4.1.1.9.100.1	WaveformPresentationStateStorage	PR
5.1.4.1.1.9.100.2	WaveformAcquisitionPresentationStateStorage	PR
5.1.4.1.1.10	RETIRED_StandaloneModalityLUTStorage
5.1.4.1.1.11	RETIRED_StandaloneVOILUTStorage
5.1.4.1.1.11.1	GrayscaleSoftcopyPresentationStateStorage	PR
5.1.4.1.1.11.2	ColorSoftcopyPresentationStateStorage	PR
5.1.4.1.1.11.3	PseudoColorSoftcopyPresentationStateStorage	PR
5.1.4.1.1.11.4	BlendingSoftcopyPresentationStateStorage	PR
5.1.4.1.1.11.5	XAXRFGrayscaleSoftcopyPresentationStateStorage	PR
5.1.4.1.1.11.6	GrayscalePlanarMPRVolumetricPresentationStateStorage	PR
5.1.4.1.1.11.7	CompositingPlanarMPRVolumetricPresentationStateStorage	PR
5.1.4.1.1.11.8	AdvancedBlendingPresentationStateStorage	PR
5.1.4.1.1.11.9	VolumeRenderingVolumetricPresentationStateStorage	PR
5.1.4.1.1.11.10	SegmentedVolumeRenderingVolumetricPresentationStateStorage	PR
5.1.4.1.1.11.11	MultipleVolumeRenderingVolumetricPresentationStateStorage	PR
5.1.4.1.1.11.12	VariableModalityLUTSoftcopyPresentationStateStorage	PR
5.1.4.1.1.12.1	XRayAngiographicImageStorage	XA
5.1.4.1.1.12.1.1	EnhancedXAImageStorage	XA
5.1.4.1.1.12.2	XRayRadiofluoroscopicImageStorage	RF
5.1.4.1.1.12.2.1	EnhancedXRFImageStorage	RF
5.1.4.1.1.12.3	RETIRED_XRayAngiographicBiPlaneImageStorage	XA
5.1.4.1.1.13.1.1	XRay3DAngiographicImageStorage	XA
5.1.4.1.1.13.1.2	XRay3DCraniofacialImageStorage
5.1.4.1.1.13.1.3	BreastTomosynthesisImageStorage	MG
5.1.4.1.1.13.1.4	BreastProjectionXRayImageStorageForPresentation	MG
5.1.4.1.1.13.1.5	BreastProjectionXRayImageStorageForProcessing	MG
5.1.4.1.1.14.1	IntravascularOpticalCoherenceTomographyImageStorageForPresentation	IVOCT
5.1.4.1.1.14.2	IntravascularOpticalCoherenceTomographyImageStorageForProcessing	IVOCT
5.1.4.1.1.20	NuclearMedicineImageStorage	NM
5.1.4.1.1.30	ParametricMapStorage
5.1.4.1.1.66	RawDataStorage
5.1.4.1.1.66.1	SpatialRegistrationStorage	REG
5.1.4.1.1.66.2	SpatialFiducialsStorage	FID
5.1.4.1.1.66.3	DeformableSpatialRegistrationStorage	REG
5.1.4.1.1.66.4	SegmentationStorage	SEG
5.1.4.1.1.66.5	SurfaceSegmentationStorage	SEG
5.1.4.1.1.66.6	TractographyResultsStorage
5.1.4.1.1.66.7	LabelMapSegmentationStorage	SEG
5.1.4.1.1.66.8	HeightMapSegmentationStorage	SEG
5.1.4.1.1.67	RealWorldValueMappingStorage
5.1.4.1.1.68.1	SurfaceScanMeshStorage
5.1.4.1.1.68.2	SurfaceScanPointCloudStorage
5.1.4.1.1.77.1	RETIRED_VLImageStorage
5.1.4.1.1.77.1.1	VLEndoscopicImageStorage	ES
5.1.4.1.1.77.1.1.1	VideoEndoscopicImageStorage	ES
5.1.4.1.1.77.1.2	VLMicroscopicImageStorage	SM
5.1.4.1.1.77.1.2.1	VideoMicroscopicImageStorage	SM
5.1.4.1.1.77.1.3	VLSlideCoordinatesMicroscopicImageStorage	SM
5.1.4.1.1.77.1.4	VLPhotographicImageStorage	XC
5.1.4.1.1.77.1.4.1	VideoPhotographicImageStorage	XC
5.1.4.1.1.77.1.5.1	OphthalmicPhotography8BitImageStorage	OP
5.1.4.1.1.77.1.5.2	OphthalmicPhotography16BitImageStorage	OP
5.1.4.1.1.77.1.5.3	StereometricRelationshipStorage	SMR
5.1.4.1.1.77.1.5.4	OphthalmicTomographyImageStorage	OPT
5.1.4.1.1.77.1.5.5	WideFieldOphthalmicPhotographyStereographicProjectionImageStorage	OP
5.1.4.1.1.77.1.5.6	WideFieldOphthalmicPhotography3DCoordinatesImageStorage	OP
5.1.4.1.1.77.1.5.7	OphthalmicOpticalCoherenceTomographyEnFaceImageStorage
5.1.4.1.1.77.1.5.8	OphthalmicOpticalCoherenceTomographyBscanVolumeAnalysisStorage
5.1.4.1.1.77.1.6	VLWholeSlideMicroscopyImageStorage	SM
5.1.4.1.1.77.1.7	DermoscopicPhotographyImageStorage	DMS
5.1.4.1.1.77.1.8	ConfocalMicroscopyImageStorage	SM
5.1.4.1.1.77.1.9	ConfocalMicroscopyTiledPyramidalImageStorage	SM
5.1.4.1.1.77.2	RETIRED_VLMultiframeImageStorage
5.1.4.1.1.78.1	LensometryMeasurementsStorage	LEN
5.1.4.1.1.78.2	AutorefractionMeasurementsStorage	AR
5.1.4.1.1.78.3	KeratometryMeasurementsStorage	KER
5.1.4.1.1.78.4	SubjectiveRefractionMeasurementsStorage	SRF
5.1.4.1.1.78.5	VisualAcuityMeasurementsStorage	VA
5.1.4.1.1.78.6	SpectaclePrescriptionReportStorage
5.1.4.1.1.78.7	OphthalmicAxialMeasurementsStorage	OAM
5.1.4.1.1.78.8	IntraocularLensCalculationsStorage	IOL
5.1.4.1.1.79.1	MacularGridThicknessAndVolumeReportStorage
5.1.4.1.1.80.1	OphthalmicVisualFieldStaticPerimetryMeasurementsStorage	OPV
5.1.4.1.1.81.1	OphthalmicThicknessMapStorage	OPM
5.1.4.1.1.82.1	CornealTopographyMapStorage	OPM
5.1.4.1.1.88.1	DRAFT_SRTextStorage	SR
5.1.4.1.1.88.2	DRAFT_SRAudioStorage	SR
5.1.4.1.1.88.3	DRAFT_SRDetailStorage	SR
5.1.4.1.1.88.4	DRAFT_SRComprehensiveStorage	SR
5.1.4.1.1.88.11	BasicTextSRStorage	SR
5.1.4.1.1.88.22	EnhancedSRStorage	SR
5.1.4.1.1.88.33	ComprehensiveSRStorage	SR
5.1.4.1.1.88.34	Comprehensive3DSRStorage	SR
5.1.4.1.1.88.35	ExtensibleSRStorage	SR
5.1.4.1.1.88.40	ProcedureLogStorage
5.1.4.1.1.88.50	MammographyCADSRStorage	SR
5.1.4.1.1.88.59	KeyObjectSelectionDocumentStorage	KO
5.1.4.1.1.88.65	ChestCADSRStorage	SR
5.1.4.1.1.88.67	XRayRadiationDoseSRStorage	SR
5.1.4.1.1.88.68	RadiopharmaceuticalRadiationDoseSRStorage	SR
5.1.4.1.1.88.69	ColonCADSRStorage	SR
5.1.4.1.1.88.70	ImplantationPlanSRStorage	SR
5.1.4.1.1.88.71	AcquisitionContextSRStorage	SR
5.1.4.1.1.88.72	SimplifiedAdultEchoSRStorage	SR
5.1.4.1.1.88.73	PatientRadiationDoseSRStorage	SR
5.1.4.1.1.88.74	PlannedImagingAgentAdministrationSRStorage	SR
5.1.4.1.1.88.75	PerformedImagingAgentAdministrationSRStorage	SR
5.1.4.1.1.88.76	EnhancedXRayRadiationDoseSRStorage	SR
5.1.4.1.1.88.77	WaveformAnnotationSRStorage	SR
5.1.4.1.1.90.1	ContentAssessmentResultsStorage
5.1.4.1.1.91.1	MicroscopyBulkSimpleAnnotationsStorage	ANN
5.1.4.1.1.104.1	EncapsulatedPDFStorage	DOC
5.1.4.1.1.104.2	EncapsulatedCDAStorage	DOC
5.1.4.1.1.104.3	EncapsulatedSTLStorage	M3D
5.1.4.1.1.104.4	EncapsulatedOBJStorage	M3D
5.1.4.1.1.104.5	EncapsulatedMTLStorage	M3D
5.1.4.1.1.128	PositronEmissionTomographyImageStorage	PT
5.1.4.1.1.128.1	LegacyConvertedEnhancedPETImageStorage	PT
5.1.4.1.1.129	RETIRED_StandalonePETCurveStorage	PT
5.1.4.1.1.130	EnhancedPETImageStorage	PT
5.1.4.1.1.131	BasicStructuredDisplayStorage
5.1.4.1.1.200.1	CTDefinedProcedureProtocolStorage	CTPROTOCOL
5.1.4.1.1.200.2	CTPerformedProcedureProtocolStorage	CTPROTOCOL
5.1.4.1.1.200.3	ProtocolApprovalStorage
5.1.4.1.1.200.7	XADefinedProcedureProtocolStorage	XAPROTOCOL
5.1.4.1.1.200.8	XAPerformedProcedureProtocolStorage	XAPROTOCOL
5.1.4.1.1.201.1	InventoryStorage
5.1.4.1.1.481.1	RTImageStorage	RTIMAGE
5.1.4.1.1.481.2	RTDoseStorage	RTDOSE
5.1.4.1.1.481.3	RTStructureSetStorage	RTSTRUCT
5.1.4.1.1.481.4	RTBeamsTreatmentRecordStorage	RTRECORD
5.1.4.1.1.481.5	RTPlanStorage	RTPLAN
5.1.4.1.1.481.6	RTBrachyTreatmentRecordStorage	RTRECORD
5.1.4.1.1.481.7	RTTreatmentSummaryRecordStorage	RTRECORD
5.1.4.1.1.481.8	RTIonPlanStorage	RTPLAN
5.1.4.1.1.481.9	RTIonBeamsTreatmentRecordStorage	RTRECORD
5.1.4.1.1.481.10	RTPhysicianIntentStorage	RTINTENT
5.1.4.1.1.481.11	RTSegmentAnnotationStorage	RTSEGANN
5.1.4.1.1.481.12	RTRadiationSetStorage	RTRAD
5.1.4.1.1.481.13	CArmPhotonElectronRadiationStorage	RTRAD
5.1.4.1.1.481.14	TomotherapeuticRadiationStorage	RTRAD
5.1.4.1.1.481.15	RoboticArmRadiationStorage	RTRAD
5.1.4.1.1.481.16	RTRadiationRecordSetStorage	RTRAD
5.1.4.1.1.481.17	RTRadiationSalvageRecordStorage	RTRAD
5.1.4.1.1.481.18	TomotherapeuticRadiationRecordStorage	RTRAD
5.1.4.1.1.481.19	CArmPhotonElectronRadiationRecordStorage	RTRAD
5.1.4.1.1.481.20	RoboticRadiationRecordStorage	RTRAD
5.1.4.1.1.481.21	RTRadiationSetDeliveryInstructionStorage
5.1.4.1.1.481.22	RTTreatmentPreparationStorage	RTRAD
5.1.4.1.1.481.23	EnhancedRTImageStorage	RTIMAGE
5.1.4.1.1.481.24	EnhancedContinuousRTImageStorage	RTIMAGE
5.1.4.1.1.481.25	RTPatientPositionAcquisitionInstructionStorage	RTIMAGE
5.1.4.1.1.501.1	DICOS_CTImageStorage
5.1.4.1.1.501.2.1	DICOS_DigitalXRayImageStorageForPresentation
5.1.4.1.1.501.2.2	DICOS_DigitalXRayImageStorageForProcessing
5.1.4.1.1.501.3	DICOS_ThreatDetectionReportStorage
5.1.4.1.1.501.4	DICOS_2DAITStorage
5.1.4.1.1.501.5	DICOS_3DAITStorage
5.1.4.1.1.501.6	DICOS_QuadrupoleResonanceStorage
5.1.4.1.1.601.1	DICONDE_EddyCurrentImageStorage
5.1.4.1.1.601.2	DICONDE_EddyCurrentMultiframeImageStorage
5.1.4.1.1.601.3	DICONDE_ThermographyImageStorage
5.1.4.1.1.601.4	DICONDE_ThermographyMultiFrameImageStorage
5.1.4.1.1.601.5	DICONDE_UltrasoundWaveformStorage
5.1.4.34.1	DRAFT_RTBeamsDeliveryInstructionStorage
5.1.4.34.7	RTBeamsDeliveryInstructionStorage
5.1.4.34.10	RTBrachyApplicationSetupDeliveryInstructionStorage
5.1.4.38.1	HangingProtocolStorage
5.1.4.39.1	ColorPaletteStorage
5.1.4.43.1	GenericImplantTemplateStorage
5.1.4.44.1	ImplantAssemblyTemplateStorage
5.1.4.45.1	ImplantTemplateGroupStorage`;
