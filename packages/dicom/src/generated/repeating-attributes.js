// Attributes of repeating groups, x for any digit: `tag VR R|- VM`, keyword, name, further VRs (PS3.6 6-9).
// Written by scripts/generate/generate.ts: do not edit.
export const repeatingAttributeTable = `002031xxCSR1-n	SourceImageIDs	Source Image IDs
002804x0USR1	RowsForNthOrderCoefficients
002804x1USR1	ColumnsForNthOrderCoefficients
002804x2LOR1-n	CoefficientCoding
002804x3ATR1-n	CoefficientCodingPointers
002808x0CSR1-n	CodeLabel
002808x2USR1	NumberOfTables	Number of Tables
002808x3ATR1-n	CodeTableLocation
002808x4USR1	BitsForCodeWord
002808x8ATR1-n	ImageDataLocation
1000xxx0USR3	EscapeTriplet
1000xxx1USR3	RunLengthTriplet
1000xxx2USR1	HuffmanTableSize
1000xxx3USR3	HuffmanTableTriplet
1000xxx4USR1	ShiftTableSize
1000xxx5USR3	ShiftTableTriplet
1010xxxxUSR1-n	ZonalMap
50xx0005USR1	CurveDimensions
50xx0010USR1	NumberOfPoints	Number of Points
50xx0020CSR1	TypeOfData	Type of Data
50xx0022LOR1	CurveDescription
50xx0030SHR1-n	AxisUnits
50xx0040SHR1-n	AxisLabels
50xx0103USR1	DataValueRepresentation
50xx0104USR1-n	MinimumCoordinateValue
50xx0105USR1-n	MaximumCoordinateValue
50xx0106SHR1-n	CurveRange
50xx0110USR1-n	CurveDataDescriptor
50xx0112USR1-n	CoordinateStartValue
50xx0114USR1-n	CoordinateStepValue
50xx1001CSR1	CurveActivationLayer
50xx2000USR1	AudioType
50xx2002USR1	AudioSampleFormat
50xx2004USR1	NumberOfChannels	Number of Channels
50xx2006ULR1	NumberOfSamples	Number of Samples
50xx2008ULR1	SampleRate
50xx200aULR1	TotalTime
50xx200cOWR1	AudioSampleData		OB
50xx200eLTR1	AudioComments
50xx2500LOR1	CurveLabel
50xx2600SQR1	CurveReferencedOverlaySequence
50xx2610USR1	CurveReferencedOverlayGroup
50xx3000OWR1	CurveData		OB
60xx0010US-1	OverlayRows
60xx0011US-1	OverlayColumns
60xx0012USR1	OverlayPlanes
60xx0015IS-1	NumberOfFramesInOverlay	Number of Frames in Overlay
60xx0022LO-1	OverlayDescription
60xx0040CS-1	OverlayType
60xx0045LO-1	OverlaySubtype
60xx0050SS-2	OverlayOrigin
60xx0051US-1	ImageFrameOrigin
60xx0052USR1	OverlayPlaneOrigin
60xx0060CSR1	OverlayCompressionCode
60xx0061SHR1	OverlayCompressionOriginator
60xx0062SHR1	OverlayCompressionLabel
60xx0063CSR1	OverlayCompressionDescription
60xx0066ATR1-n	OverlayCompressionStepPointers
60xx0068USR1	OverlayRepeatInterval
60xx0069USR1	OverlayBitsGrouped
60xx0100US-1	OverlayBitsAllocated
60xx0102US-1	OverlayBitPosition
60xx0110CSR1	OverlayFormat
60xx0200USR1	OverlayLocation
60xx0800CSR1-n	OverlayCodeLabel
60xx0802USR1	OverlayNumberOfTables	Overlay Number of Tables
60xx0803ATR1-n	OverlayCodeTableLocation
60xx0804USR1	OverlayBitsForCodeWord
60xx1001CS-1	OverlayActivationLayer
60xx1100USR1	OverlayDescriptorGray	Overlay Descriptor - Gray
60xx1101USR1	OverlayDescriptorRed	Overlay Descriptor - Red
60xx1102USR1	OverlayDescriptorGreen	Overlay Descriptor - Green
60xx1103USR1	OverlayDescriptorBlue	Overlay Descriptor - Blue
60xx1200USR1-n	OverlaysGray	Overlays - Gray
60xx1201USR1-n	OverlaysRed	Overlays - Red
60xx1202USR1-n	OverlaysGreen	Overlays - Green
60xx1203USR1-n	OverlaysBlue	Overlays - Blue
60xx1301IS-1	ROIArea
60xx1302DS-1	ROIMean
60xx1303DS-1	ROIStandardDeviation
60xx1500LO-1	OverlayLabel
60xx3000OW-1	OverlayData		OB
60xx4000LTR1	OverlayComments
7fxx0010OWR1	VariablePixelData		OB
7fxx0011USR1	VariableNextDataGroup
7fxx0020OWR1	VariableCoefficientsSDVN
7fxx0030OWR1	VariableCoefficientsSDHN
7fxx0040OWR1	VariableCoefficientsSDDN`;
