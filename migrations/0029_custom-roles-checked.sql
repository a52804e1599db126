-- Up Migration
-- The rows of before hold templates alone, which is looked at while roles are given and taken as ever.
ALTER TABLE user_roles VALIDATE CONSTRAINT user_roles_custom_role_fkey;
ALTER TABLE user_roles VALIDATE CONSTRAINT user_roles_template_or_custom;

-- Down Migration
-- What was looked at stays so.
SELECT 1 AS nothing;
