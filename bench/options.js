// How large a bench is. `--smoke`: seconds, for CI, which looks only at how it ends; `--quick`: a first look; neither: the size its figures are for.
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  strict: false,
  options: {
    smoke: { type: 'boolean' },
    quick: { type: 'boolean' },
    alone: { type: 'boolean' },
    rounds: { type: 'string' },
    restarts: { type: 'string' },
    rows: { type: 'string' },
    kills: { type: 'string' },
  },
});

/** The value for the size that was asked for. */
const sized = (smoke, quick, full) => (values.smoke ? smoke : values.quick ? quick : full);

/** A number from the command line, or `otherwise`. */
const numberOf = (name, otherwise) => (values[name] === undefined ? otherwise : Number(values[name]));

/** Without the references beside it: the builds of `--against` are compared with each other. */
const isAlone = values.alone === true;

module.exports = { sized, numberOf, isAlone };
