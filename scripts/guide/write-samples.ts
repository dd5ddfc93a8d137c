// `npm run samples -- FOLDER`: see samples.ts.
import { writeSamples } from './samples.ts';

const [folder = 'samples'] = process.argv.slice(2);
writeSamples(folder);
console.log(`Six DICOM files are in ${folder}`);
