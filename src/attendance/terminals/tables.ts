/** Tables without punches, whose content attendance has no business to keep: users, what their bodies look like, doors, settings. */
const unreadTables = new Set(
  'OPERLOG ATTPHOTO BIOPHOTO BIODATA USERINFO USERPIC FINGERTMP FACE ERRORLOG IDCARD OPTIONS RTSTATE'.split(' '),
);
const unreadNames = new Set(
  'USER USERAUTHORIZE EXTUSER MULCARDUSER USERPIC IDENTITYCARD TEMPLATEV10 FACEV7 BIODATA BIOPHOTO TIMEZONE HOLIDAY FIRSTCARD MULTIMCARD INOUTFUN ERRORLOG'.split(
    ' ',
  ),
);

/**
 * What is done with a table that a terminal sends: `punches` are read, `unread` passes without being kept, and one that nobody here knows
 * may hold punches and is kept for an operator. `table` and `tablename` as the terminal writes them.
 */
export function kindOfTable(table: string, tablename: string): 'punches' | 'unread' | 'unknown' {
  const [outer, inner] = [table.toUpperCase(), tablename.toUpperCase()];
  if (outer === 'ATTLOG' || outer === 'RTLOG') return 'punches';
  if (outer !== 'TABLEDATA') return unreadTables.has(outer) ? 'unread' : 'unknown';
  if (inner === 'TRANSACTION') return 'punches';
  return unreadNames.has(inner) ? 'unread' : 'unknown';
}
