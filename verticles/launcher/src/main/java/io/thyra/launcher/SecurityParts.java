package io.thyra.launcher;

import com.nimbusds.jose.jwk.JWK;
import io.thyra.authentication.AccountTokens;
import io.thyra.authentication.AuthenticatorChain;
import io.thyra.authentication.BearerAuthenticator;
import io.thyra.authentication.CertificateAuthenticator;
import io.thyra.authentication.CertificateAuthority;
import io.thyra.authentication.RequestHeaderAuthenticator;
import io.thyra.authentication.TokenAuthenticator;
import io.thyra.authentication.TokenFile;
import io.thyra.authentication.TokenKeys;
import io.thyra.authentication.TokenReviews;
import io.thyra.authorization.AccessReviews;
import io.thyra.authorization.Modes;
import io.thyra.authorization.NodeGraph;
import io.thyra.authorization.RbacPolicy;
import io.thyra.config.ConfigException;
import io.thyra.config.ServerConfig;
import io.thyra.groups.Reviews;
import io.thyra.model.Authenticator;
import io.thyra.model.Authorizer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Who calls and who may, made of the configuration.
///
/// @param clientAuthorities the CAs that TLS clients are told of
record SecurityParts(
    AccountTokens tokens,
    BearerAuthenticator bearer,
    Authenticator authenticator,
    RbacPolicy policy,
    NodeGraph nodes,
    Authorizer authorizer,
    Reviews reviews,
    List<X509Certificate> clientAuthorities) {
  /// The files that a configuration names, or that the server minted for itself.
  ///
  /// @param requestHeader the front proxies; empty for none
  record Files(
      Optional<Path> clientCa, Optional<ServerConfig.RequestHeader> requestHeader, Optional<Path> signingKey, List<Path> verifyingKeys) {}

  /// @param follower has CA files read again when they change
  static SecurityParts of(ServerConfig config, Files files, AccountTokens.Lookup lookup, Clock clock, FileFollower follower) {
    var authentication = config.authentication();
    Optional<JWK> signing = files.signingKey().map(file -> read(file, TokenKeys::readPrivate));
    var keys = new ArrayList<JWK>();
    files.verifyingKeys().forEach(file -> keys.addAll(read(file, TokenKeys::readPublic)));
    var accounts = authentication.serviceAccounts();
    var tokens =
        new AccountTokens(accounts.issuers(), authentication.apiAudiences(), signing, keys, accounts.lookup(), lookup, clock);
    var tokenAuthenticators = new ArrayList<TokenAuthenticator>();
    authentication.tokenFile().ifPresent(file -> tokenAuthenticators.add(read(file, path -> TokenFile.read(path, authentication.apiAudiences()))));
    tokenAuthenticators.add(tokens);
    var bearer = new BearerAuthenticator(tokenAuthenticators);
    var chain = new ArrayList<Authenticator>();
    var authorities = new ArrayList<X509Certificate>();
    files
        .requestHeader()
        .ifPresent(
            proxies -> {
              var headers =
                  new RequestHeaderAuthenticator.Headers(
                      proxies.usernameHeaders(), proxies.uidHeaders(), proxies.groupHeaders(), proxies.extraPrefixes());
              chain.add(
                  authority(
                      proxies.clientCaFile(),
                      authorities,
                      authority -> new RequestHeaderAuthenticator(authority, proxies.allowedNames(), headers),
                      clock,
                      follower));
            });
    files.clientCa().ifPresent(file -> chain.add(authority(file, authorities, CertificateAuthenticator::new, clock, follower)));
    chain.add(bearer);
    boolean anonymous = authentication.anonymous() && !config.authorizationModes().contains("AlwaysAllow");
    var policy = new RbacPolicy();
    var nodes = new NodeGraph();
    Authorizer authorizer = Modes.chain(config.authorizationModes(), policy, nodes);
    boolean rbac = config.authorizationModes().contains("RBAC");
    var access = new AccessReviews(authorizer, rbac ? Optional.of(policy) : Optional.empty(), config.authorizationModes().contains("Node"));
    var review = new TokenReviews(bearer, authentication.apiAudiences());
    Reviews reviews =
        resource ->
            switch (resource.group()) {
              case "authentication.k8s.io" -> review.find(resource.resource());
              case "authorization.k8s.io" -> access.find(resource.resource());
              default -> Optional.empty();
            };
    return new SecurityParts(
        tokens, bearer, new AuthenticatorChain(chain, anonymous), policy, nodes, authorizer, reviews, List.copyOf(authorities));
  }

  /// An authenticator that believes whom a CA file's authorities signed.
  private static Authenticator authority(
      Path file, List<X509Certificate> authorities, Function<CertificateAuthority, Authenticator> made, Clock clock, FileFollower follower) {
    CertificateAuthority authority = read(file, path -> CertificateAuthority.read(path, clock));
    authorities.addAll(authority.authorities());
    var authenticator = new ReloadedAuthenticator(made.apply(authority));
    follower.follow(List.of(file), () -> authenticator.replace(made.apply(CertificateAuthority.read(file, clock))));
    return authenticator;
  }

  private interface Reader<T> {
    T read(Path file) throws IOException;
  }

  private static <T> T read(Path file, Reader<T> reader) {
    try {
      return reader.read(file);
    } catch (IOException e) {
      throw new ConfigException(file + ": " + e.getMessage());
    }
  }
}
