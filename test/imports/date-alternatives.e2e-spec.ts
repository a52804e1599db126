import { ImportScene } from './scene';

const scene = ImportScene.forEachTest('0077');

/** The guess about the dates of a file that has these, and what the first of them is in the reading that it offers instead. */
async function offered(...dates: string[]) {
  const csvText = `Personalnummer;Datum;von;bis\n${dates.map((date) => `0077;${date};09:00;17:30\n`).join('')}`;
  const { guesses } = (await scene.preview({ csvText })).body as { guesses: { value: string; instead: string }[] };
  const [guess] = guesses;
  if (!guess) return undefined;
  const read = (await scene.preview({ csvText, dateFormat: guess.instead })).body;
  const shown = read.items as { punches: { local: string }[] }[];
  return { guess, first: shown[0]?.punches[0]?.local.slice(0, 10) };
}

describe('the other reading that a guess about dates offers says something else', () => {
  it.each([
    ['16.11.26', 'DD.MM.YYYY', 'YYYY-MM-DD', '2016-11-26'],
    ['16/11/26', 'DD/MM/YYYY', 'YYYY-MM-DD', '2016-11-26'],
    ['05.11.26', 'DD.MM.YYYY', 'MM/DD/YYYY', '2026-05-11'],
    ['11.11.26', 'DD/MM/YYYY', 'YYYY-MM-DD', '2011-11-26'],
    ['16.11.2026', 'DD.MM.YYYY', 'MM/DD/YYYY', undefined],
  ])('%s as %s, or %s', async (date, value, instead, first) => {
    expect(await offered(date)).toMatchObject({ guess: { about: 'dateFormat', value, instead }, first });
  });

  it('with the share of the rows, also where both numbers of each are the same', async () => {
    expect(await offered('05/05/26', '06/06/26')).toMatchObject({
      guess: { value: 'DD/MM/YYYY', instead: 'YYYY-MM-DD', supported: 0, of: 2, share: 0 },
    });
  });

  it('and there is none where no reading does', async () => {
    expect(await offered('11.11.2026', '2026-11-16')).toBeUndefined();
  });
});
