-- "Get Access Token". Argument: Authorization.
dofile('bench/load/done.lua')

local whole

function init(args)
  wrk.method = 'POST'
  wrk.body = 'grant_type=client_credentials'
  wrk.headers['Authorization'] = args[1]
  wrk.headers['Content-Type'] = 'application/x-www-form-urlencoded'
  whole = wrk.format(nil, args[2])
end

function request()
  return whole
end
