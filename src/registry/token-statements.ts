// Registering many tokens in one statement, for each engine.

/** Parameters: merchant gateway, merchant, ids as a JSON list, now in milliseconds. */
export const SQLITE_PUT_TOKENS = `
  with given(gateway, merchant, ids, now_ms) as (values (?, ?, ?, ?))
  insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
  select g.gateway, g.merchant, j.value, g.now_ms
  from given g, json_each(g.ids) j where true
  on conflict do nothing`;

/** Parameters: the same, the ids as an array. Answers how many are new. */
export const POSTGRES_PUT_TOKENS = `
  with registered as (
    insert into tokens (merchant_gateway_id, merchant_id, id, registered_at_ms)
    select $1::text, $2::text, t.id, $4::bigint
    from unnest($3::text[]) as t(id)
    on conflict do nothing
    returning 1
  )
  select count(*)::int as registered from registered`;
