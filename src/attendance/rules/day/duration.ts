/** `8 h 30 min`, `45 min`, `20 s`: whole units, largest first, none that is zero. */
export function duration(seconds: number): string {
  const units: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ];
  const parts = units.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return parts.length > 0 ? parts.join(' ') : '0 min';
}
