-- notify-update for a random one of many tokens, each time with another correlation id, as D1 does.
-- Arguments: Authorization, the path up to the token's number, number of tokens, seed.
dofile('bench/load/done.lua')

local head, tail, tokens

function init(args)
  head = 'POST ' .. args[2]
  tail = '/notify-update HTTP/1.1\r\nHost: ' .. wrk.headers['Host'] .. '\r\nAuthorization: ' .. args[1] ..
    '\r\nContent-Length: 0\r\nx-correlation-id: '
  tokens = tonumber(args[3])
  math.randomseed(tonumber(args[4]))
end

function request()
  return string.format('%s%08d%s%08x-%08x-%08x\r\n\r\n', head, math.random(tokens), tail,
    math.random(0, 0x7fffffff), math.random(0, 0x7fffffff), math.random(0, 0x7fffffff))
end
