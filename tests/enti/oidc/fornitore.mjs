// A real provider of identity for the tests (oidc-provider, certified by the OpenID Foundation), with people of its own.
//
// Its only argument is JSON: {port, client: {...}, persone: {name: claims}}. Its sign-in page asks who one is, and with
// which acr and amr; `chi` empty gives up. It writes «pronto» when it listens.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { porta, cliente, persone, moduli } = JSON.parse(process.argv[2]);
const { default: Provider } = await import(pathToFileURL(createRequire(`${moduli}/`).resolve('oidc-provider')));

const CODICE_FISCALE = 'https://attributes.eid.gov.it/fiscal_number';
const fornitore = new Provider(`http://127.0.0.1:${porta}`, {
  clients: [cliente],
  conformIdTokenClaims: false,
  acrValues: ['livello-1', 'livello-2'],
  claims: {
    openid: ['sub', 'amr', CODICE_FISCALE],
    email: ['email', 'email_verified'],
    profile: ['given_name', 'family_name'],
  },
  cookies: { keys: ['chiave-di-prova'] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true },
  interactions: { url: (_ctx, interazione) => `/entra/${interazione.uid}` },
  findAccount: (_ctx, nome) => ({ accountId: nome, claims: () => ({ sub: nome, ...persone[nome] }) }),
  // Nobody is asked whether the portal may know: the body decided it.
  async loadExistingGrant(ctx) {
    const concessione = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    concessione.addOIDCScope('openid profile email');
    await concessione.save();
    return concessione;
  },
});

const pagina = `<!doctype html><html lang="it"><title>Fornitore di prova</title><form method="post">
<input name="chi" aria-label="Chi sei"><input name="acr" aria-label="acr"><input name="amr" aria-label="amr">
<button>Entra</button></form></html>`;

fornitore.use(async (ctx, next) => {
  if (!ctx.path.startsWith('/entra/')) {
    await next();
  } else if (ctx.method === 'GET') {
    ctx.type = 'html';
    ctx.body = pagina;
  } else {
    let corpo = '';
    for await (const pezzo of ctx.req) corpo += pezzo;
    const dati = new URLSearchParams(corpo);
    const login = { accountId: dati.get('chi'), acr: dati.get('acr') || undefined };
    if (dati.get('amr')) login.amr = dati.get('amr').split(' ');
    const esito = dati.get('chi') ? { login } : { error: 'access_denied' };
    ctx.status = 303;
    ctx.redirect(await fornitore.interactionResult(ctx.req, ctx.res, esito));
    ctx.status = 303;
  }
});

fornitore.listen(porta, '127.0.0.1', () => console.log('pronto'));
