import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist', 'node_modules', '.data', 'coverage', 'bench/results'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Nest declares its options as classes and takes plain objects for them.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // Configuration is parsed once, in one file; nothing else looks at the environment.
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'Read the configuration from config/.' },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'pg', message: 'Connections come from database/ alone: use the unit of work.' },
            {
              name: 'typeorm',
              importNames: ['DataSource', 'EntityManager'],
              message: 'Bind an injected repository with tx.repository().',
            },
            {
              name: 'typeorm',
              importNames: ['ManyToOne', 'OneToMany', 'OneToOne', 'ManyToMany', 'PrimaryGeneratedColumn'],
              message: 'No cascades, no eager loading, no ids made here: declare @ForeignKey, write the join.',
            },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        {
          // They read first, open transactions of their own, and name columns that the login may not write.
          selector:
            'CallExpression[callee.property.name=/^(save|remove|upsert|softRemove|recover)$/][callee.object.callee.property.name=/^(repository|bound)$/]',
          message: 'Use insert(), update() and delete() of a repository or its query builder.',
        },
      ],
    },
  },
  {
    files: ['src/database/**/*.ts', 'src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-restricted-imports': 'off', 'no-restricted-properties': 'off' },
  },
  {
    // A test says what it expects of a body where it looks at it; typing every answer twice would hide what is tested.
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        require: 'readonly',
        module: 'writable',
        __dirname: 'readonly',
        process: 'readonly',
        console: 'readonly',
        fetch: 'readonly',
        setTimeout: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        performance: 'readonly',
        AbortSignal: 'readonly',
      },
    },
  },
);
