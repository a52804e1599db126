import { acme, aDate, aUser, read, type Written } from './scene';

const aHoliday = async () =>
  read(await acme.admin.api.post('/api/attendance/holidays', { date: aDate(), name: 'Holiday' }))['id'] ?? '';
const someLeave = () =>
  acme.admin.api.post('/api/attendance/leave', { employeeId: acme.employee.id, date: aDate(), code: 'vacation' });
const aPolicy = () =>
  acme.admin.api.post('/api/attendance/policies', { name: 'Later', effectiveFrom: aDate(), settings: {} });
const aSchedule = async () =>
  read(
    await acme.admin.api.post('/api/schedules', {
      employeeId: (await aUser())['id'],
      name: 'Week',
      startDate: '2030-01-07',
    }),
  )['id'] ?? '';
async function aShift(): Promise<string> {
  const shifts = `/api/schedules/${await aSchedule()}/shifts`;
  const body = { dayOfWeek: 1, startTime: '09:00', endTime: '17:00' };
  return `${shifts}/${read(await acme.admin.api.post(shifts, body))['id'] ?? ''}`;
}

/** Schedules, holidays, leave and policies. */
export const plans: Record<string, Written> = {
  'POST /api/schedules': {
    is: ['schedule', 'create'],
    call: async () =>
      acme.admin.api.post('/api/schedules', {
        employeeId: (await aUser())['id'],
        name: 'Week',
        startDate: '2030-01-07',
      }),
  },
  'POST /api/schedules/batch': {
    is: ['schedule', 'create'],
    call: async () =>
      acme.admin.api.post('/api/schedules/batch', {
        employeeIds: [(await aUser())['id']],
        schedule: { name: 'Week', startDate: '2030-01-07' },
      }),
  },
  'PATCH /api/schedules/{id}': {
    is: ['schedule', 'update'],
    call: async () => acme.admin.api.patch(`/api/schedules/${await aSchedule()}`, { name: 'Other week' }),
  },
  'DELETE /api/schedules/{id}': {
    is: ['schedule', 'delete'],
    call: async () => acme.admin.api.delete(`/api/schedules/${await aSchedule()}`),
  },
  'POST /api/schedules/{id}/publish': {
    is: ['schedule', 'publish'],
    call: async () => acme.admin.api.post(`/api/schedules/${await aSchedule()}/publish`, {}),
  },
  'POST /api/schedules/{id}/shifts': {
    is: ['shift', 'create'],
    call: async () =>
      acme.admin.api.post(`/api/schedules/${await aSchedule()}/shifts`, {
        dayOfWeek: 1,
        startTime: '09:00',
        endTime: '17:00',
      }),
  },
  'PATCH /api/schedules/{id}/shifts/{shiftId}': {
    is: ['shift', 'update'],
    call: async () => acme.admin.api.patch(await aShift(), { startTime: '08:00' }),
  },
  'DELETE /api/schedules/{id}/shifts/{shiftId}': {
    is: ['shift', 'delete'],
    call: async () => acme.admin.api.delete(await aShift()),
  },
  'POST /api/attendance/holidays': {
    is: ['holiday', 'create'],
    call: () => acme.admin.api.post('/api/attendance/holidays', { date: '2030-01-01', name: 'New Year' }),
  },
  'POST /api/attendance/holidays/batch': {
    is: ['holiday', 'create'],
    call: () =>
      acme.admin.api.post('/api/attendance/holidays/batch', { holidays: [{ date: '2030-01-06', name: 'Epiphany' }] }),
  },
  'PATCH /api/attendance/holidays/{id}': {
    is: ['holiday', 'update'],
    call: async () => acme.admin.api.patch(`/api/attendance/holidays/${await aHoliday()}`, { name: 'Another name' }),
  },
  'DELETE /api/attendance/holidays/{id}': {
    is: ['holiday', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/holidays/${await aHoliday()}`),
  },
  'POST /api/attendance/leave': { is: ['leave', 'create'], call: () => someLeave() },
  'DELETE /api/attendance/leave/{id}': {
    is: ['leave', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/leave/${String((await someLeave()).body.data[0].id)}`),
  },
  'POST /api/attendance/policies': { is: ['policy', 'create'], call: () => aPolicy() },
  'PATCH /api/attendance/policies/{id}': {
    is: ['policy', 'update'],
    call: async () =>
      acme.admin.api.patch(`/api/attendance/policies/${read(await aPolicy())['id'] ?? ''}`, { name: 'Renamed' }),
  },
  'DELETE /api/attendance/policies/{id}': {
    is: ['policy', 'delete'],
    call: async () => acme.admin.api.delete(`/api/attendance/policies/${read(await aPolicy())['id'] ?? ''}`),
  },
};
