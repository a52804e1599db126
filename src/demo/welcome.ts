/** What the first minute needs: where, who, and three lines to try. */
export function welcome(url: string, password: string): string {
  return `
  Rollcall is ready.

    Swagger UI   ${url}/docs
    Sign in as   admin@acme.test, approver@acme.test, employee@acme.test (and the same @globex.test)
                 operator@rollcall.test runs the platform
    Password     ${password}

  Try it:

    TOKEN=$(curl -s ${url}/api/auth/login -H 'content-type: application/json' -d '{"email":"employee@acme.test","password":"${password}"}' | sed 's/.*"token":"\\([^"]*\\)".*/\\1/')
    ME=$(curl -s ${url}/api/auth/me -H "authorization: Bearer $TOKEN" | sed 's/^{"id":"\\([^"]*\\)".*/\\1/')
    curl -i ${url}/api/punches -H "authorization: Bearer $TOKEN" -H 'content-type: application/json' -H "idempotency-key: $(date +%s)" -d "{\\"employeeId\\":\\"$ME\\",\\"type\\":\\"in\\"}"
`;
}
