package io.thyra.authentication;

import io.thyra.model.Authenticator;
import io.thyra.model.Credentials;
import io.thyra.model.UserInfo;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Callers that a front proxy vouches for: its certificate is of the request-header CA and has an allowed name, and the
/// headers say who calls. A certificate of that CA with another name is no proxy's, and is left to the others.
/// Source: apiserver pkg/authentication/request/headerrequest.
public final class RequestHeaderAuthenticator implements Authenticator {
  /// The headers that a front proxy may set.
  public record Headers(List<String> username, List<String> uid, List<String> group, List<String> extraPrefixes) {}

  private final CertificateAuthority authority;
  private final List<String> allowedNames;
  private final Headers headers;

  /// @param allowedNames the common names of proxies; any that the authority signed when empty
  public RequestHeaderAuthenticator(CertificateAuthority authority, List<String> allowedNames, Headers headers) {
    this.authority = authority;
    this.allowedNames = List.copyOf(allowedNames);
    this.headers = headers;
  }

  @Override
  public Optional<Authenticated> authenticate(Credentials credentials) {
    if (credentials.certificates().isEmpty() || !authority.verifies(credentials.certificates())) {
      return Optional.empty();
    }
    String proxy = SubjectName.of(credentials.certificates().getFirst()).commonName();
    if (!allowedNames.isEmpty() && !allowedNames.contains(proxy)) {
      return Optional.empty();
    }
    String name = first(credentials, headers.username());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    var groups = new ArrayList<String>();
    headers.group().forEach(header -> groups.addAll(credentials.headers().apply(header)));
    return Optional.of(Authenticated.of(new UserInfo(name, first(credentials, headers.uid()), groups, extra(credentials))));
  }

  private static String first(Credentials credentials, List<String> names) {
    return names.stream().map(credentials::header).filter(value -> !value.isEmpty()).findFirst().orElse("");
  }

  private Map<String, List<String>> extra(Credentials credentials) {
    var extra = new LinkedHashMap<String, List<String>>();
    for (String header : credentials.headerNames()) {
      for (String prefix : headers.extraPrefixes()) {
        if (header.length() > prefix.length() && header.regionMatches(true, 0, prefix, 0, prefix.length())) {
          String key = unescape(header.substring(prefix.length()).toLowerCase(Locale.ROOT));
          extra.putIfAbsent(key, credentials.headers().apply(header));
        }
      }
    }
    return extra;
  }

  // Percent escapes alone: a plus stays a plus, and what does not decode stays as it is.
  private static String unescape(String key) {
    try {
      return URLDecoder.decode(key.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return key;
    }
  }
}
