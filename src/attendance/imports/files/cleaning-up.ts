import type { Write } from '../../../writes/write';

/** The temporary file goes when the write is done, or when nobody performs it. */
export function cleaningUp(write: Write, file: { remove(): Promise<void> }): Write {
  const forgotten = setTimeout(() => void file.remove(), 600_000).unref();
  return {
    perform: async (context) => {
      try {
        return await write.perform(context);
      } finally {
        clearTimeout(forgotten);
        await file.remove();
      }
    },
  };
}
