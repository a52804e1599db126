-- Up Migration
-- Where people have signed in: whoever guesses their passwords elsewhere does not lock them out there. Kept for thirty days.

-- What counts as one address: an IPv4 address, or the /64 of an IPv6 address, since whoever has one address of it has them all.
CREATE FUNCTION sign_in_network(address inet) RETURNS inet LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
  $$ SELECT CASE family(address) WHEN 6 THEN network(set_masklen(address, 64))::inet ELSE address END $$;

CREATE TABLE sign_in_addresses (
  tenant_id uuid NOT NULL,
  user_id uuid NOT NULL,
  network inet NOT NULL,
  signed_in_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sign_in_addresses_pkey PRIMARY KEY (tenant_id, user_id, network),
  CONSTRAINT sign_in_addresses_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id) ON DELETE RESTRICT
);
CREATE INDEX sign_in_addresses_age ON sign_in_addresses (signed_in_at);
SELECT protect_tenant_table('sign_in_addresses', 'INSERT (tenant_id, user_id, network), UPDATE (signed_in_at)');
CREATE POLICY sign_in_addresses_old ON sign_in_addresses TO rollcall_retention USING (signed_in_at < now() - interval '29 days');
GRANT SELECT, DELETE, UPDATE (signed_in_at) ON sign_in_addresses TO rollcall_retention;
CREATE POLICY sign_in_addresses_directory ON sign_in_addresses FOR SELECT TO rollcall_directory USING (true);
GRANT SELECT (tenant_id, user_id, network, signed_in_at) ON sign_in_addresses TO rollcall_directory;

-- Has somebody of this e-mail address signed in from there? Asked across tenants before a sign-in, when none is known.
CREATE FUNCTION signs_in_from(address text, place inet) RETURNS boolean
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
  SELECT EXISTS (SELECT FROM public.users u JOIN public.sign_in_addresses s ON s.tenant_id = u.tenant_id AND s.user_id = u.id
    WHERE u.email = lower(address) AND s.network = public.sign_in_network(place) AND s.signed_in_at > now() - interval '30 days')
$$;
SELECT look_across_tenants('signs_in_from(text, inet)');

-- Down Migration
DROP FUNCTION signs_in_from(text, inet);
DROP TABLE sign_in_addresses;
DROP FUNCTION sign_in_network(inet);
