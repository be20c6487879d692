import { reportsMistakes } from './mistakes.ts'

reportsMistakes([
  {
    what: 'a tab',
    add: 'certificate:\n\tname: x',
    expected: [['error 13:1+1', 'A tab cannot indent in YAML.', 'Indent with spaces.']],
  },
  {
    what: 'a reference without quotes inside brackets, twice, and a mistake of another sort',
    add: [
      'auth:',
      `  11111111-1111-1111-1111-111111111111: { credential: clientSecret, clientSecret: $\{FIRST}, clientId: x }`,
      `  22222222-2222-2222-2222-222222222222: { credential: clientSecret, clientSecret: $\{SECOND} }`,
      'safety: !vault x',
    ].join('\n'),
    expected: [
      [
        'error 13:83+8',
        `A value that begins with $\{ needs quotes inside { } and [ ].`,
        `Write "$\{FIRST}", or start the block on its own line.`,
      ],
      [
        'error 14:83+9',
        `A value that begins with $\{ needs quotes inside { } and [ ].`,
        `Write "$\{SECOND}", or start the block on its own line.`,
      ],
      ['error 15:9+6', 'hma does not support YAML tags.', 'Put text that begins with ! in quotes.'],
    ],
  },
  {
    what: 'a reference without quotes in a list',
    add: `dynamics: { mailboxes: [$\{FIRST}, b] }`,
    expected: [
      [
        'error 12:25+8',
        `A value that begins with $\{ needs quotes inside { } and [ ].`,
        `Write "$\{FIRST}", or start the block on its own line.`,
      ],
    ],
  },
  {
    what: 'several mistakes on a line: the first one counts',
    add: 'safety: { preventRemoval: } } }',
    expected: [['error 12:29+1', 'This is not YAML: Unexpected flow-map-end token in YAML stream: "}".']],
  },
  {
    what: 'a key that stands twice',
    add: 'name: fabrikam',
    expected: [['error 12:1+4', 'The key "name" appears twice in this block.', 'Keep one of the two.']],
  },
  {
    what: 'a key called __proto__',
    add: '__proto__: {polluted: true}',
    expected: [['error 12:1+9', 'A key cannot be named __proto__.', 'Take it out.']],
  },
  {
    what: 'an alias of nothing',
    add: 'safety: *none',
    expected: [
      [
        'error 12:9+5',
        'There is no anchor &none before this alias.',
        'Write out the value, or put text that begins with * in quotes.',
      ],
    ],
  },
  {
    what: 'an alias inside what it repeats',
    add: 'safety: &safety\n  preventRemoval: *safety',
    expected: [
      [
        'error 13:19+7',
        'The alias *safety is inside the block it repeats.',
        'Write out the value, or put text that begins with * in quotes.',
      ],
    ],
  },
  {
    what: 'aliases of aliases of aliases',
    add: `a: &a [1,1,1,1,1,1,1,1,1,1]\n${'bcde'.replace(/./g, (name) => {
      const before = String.fromCharCode(name.charCodeAt(0) - 1)
      return `${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]\n`
    })}`,
    expected: [
      [
        'error 15:36+2',
        'This document expands to more than 10,000 values.',
        'Is it a configuration? Look for an alias of aliases.',
      ],
    ],
  },
  {
    what: 'a tag',
    add: 'safety: !vault x',
    expected: [['error 12:9+6', 'hma does not support YAML tags.', 'Put text that begins with ! in quotes.']],
  },
])
