import { type CanActivate, type ExecutionContext, Injectable, UnauthorizedException } from '@nestjs/common';
import { jwtVerify } from 'jose';
import type { IncomingMessage } from 'node:http';

const KEY = new TextEncoder().encode(process.env.JWT_SECRET);

/** As Nest's documentation writes it: the access token is verified at every request (HS256, the cheapest signature). */
@Injectable()
export class BearerGuard implements CanActivate {
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<IncomingMessage>();
    const [scheme, accessToken] = request.headers.authorization?.split(' ') ?? [];
    if (scheme !== 'Bearer' || !accessToken) throw new UnauthorizedException();
    try {
      await jwtVerify(accessToken, KEY, { algorithms: ['HS256'] });
    } catch {
      throw new UnauthorizedException();
    }
    return true;
  }
}
