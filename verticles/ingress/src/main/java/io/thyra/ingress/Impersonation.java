package io.thyra.ingress;

import io.thyra.model.ApiException;
import io.thyra.model.AuthorizationAttributes;
import io.thyra.model.Authorizer;
import io.thyra.model.Failure;
import io.thyra.model.GoText;
import io.thyra.model.RequestInfo;
import io.thyra.model.UserInfo;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Acting as somebody else: the `Impersonate-` headers. Five ways are tried in order, each asking the authorizer for
/// narrower rights than the one before the last, which is the old unconstrained one; the refusal of the first that
/// applied is told. Source: apiserver pkg/endpoints/filters/impersonation.
final class Impersonation {
  private static final String USER = "Impersonate-User";
  private static final String UID = "Impersonate-Uid";
  private static final String GROUP = "Impersonate-Group";
  private static final String EXTRA_PREFIX = "impersonate-extra-";
  private static final String NODE_PREFIX = "system:node:";
  private static final String NODE_NAME_KEY = "authentication.kubernetes.io/node-name";
  private static final String AUTHENTICATION_GROUP = "authentication.k8s.io";
  // From this many checks on, one for all of them is tried first.
  private static final int MANY_CHECKS = 4;
  private static final Pattern SUBDOMAIN = Pattern.compile("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*");
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+");

  private final Authorizer authorizer;
  private final ImpersonationMemory memory;

  Impersonation(Authorizer authorizer, ImpersonationMemory memory) {
    this.authorizer = authorizer;
    this.memory = memory;
  }

  /// Who acts, and the verb that allowed it where that was a constrained one.
  record Acting(UserInfo user, String constraint) {}

  /// Empty when nobody is impersonated.
  ///
  /// @throws ApiException with BadRequest or Forbidden
  Optional<Acting> impersonate(UserInfo requestor, RequestInfo info, MultiMap headers) {
    UserInfo wanted = wanted(headers);
    if (wanted == null) {
      return Optional.empty();
    }
    ApiException first = null;
    for (Mode mode : inOrder(requestor)) {
      if (!mode.applies(wanted, requestor)) {
        continue;
      }
      try {
        Acting acting = check(mode, requestor, wanted, info);
        memory.keep(requestor.name(), mode);
        return Optional.of(acting);
      } catch (ApiException refused) {
        first = first == null ? refused : first;
      }
    }
    throw first == null ? new IllegalStateException("the last mode always applies") : first;
  }

  private Set<Mode> inOrder(UserInfo requestor) {
    var modes = new LinkedHashSet<Mode>();
    memory.find(requestor.name()).ifPresent(modes::add);
    modes.addAll(List.of(Mode.values()));
    return modes;
  }

  enum Mode {
    ASSOCIATED_NODE("associated-node"),
    ARBITRARY_NODE("arbitrary-node"),
    SERVICE_ACCOUNT("serviceaccount"),
    USER_INFO("user-info"),
    LEGACY("");

    private final String word;

    Mode(String word) {
      this.word = word;
    }

    boolean constrained() {
      return this != LEGACY;
    }

    String verb() {
      return constrained() ? "impersonate:" + word : "impersonate";
    }

    String group() {
      return constrained() ? AUTHENTICATION_GROUP : "";
    }

    boolean applies(UserInfo wanted, UserInfo requestor) {
      boolean nameOnly = wanted.uid().isEmpty() && wanted.groups().isEmpty() && wanted.extra().isEmpty();
      String node = nodeName(wanted.name());
      return switch (this) {
        case ASSOCIATED_NODE ->
            nameOnly
                && node != null
                && serviceAccount(requestor.name()) != null
                && requestor.extra().getOrDefault(NODE_NAME_KEY, List.of()).equals(List.of(node));
        case ARBITRARY_NODE -> nameOnly && node != null;
        case SERVICE_ACCOUNT -> nameOnly && serviceAccount(wanted.name()) != null;
        case USER_INFO -> node == null && serviceAccount(wanted.name()) == null;
        case LEGACY -> true;
      };
    }
  }

  private Acting check(Mode mode, UserInfo requestor, UserInfo wanted, RequestInfo info) {
    // What an associated node may do must hold for every node, so the authorizer is not told which one it is.
    UserInfo asking =
        mode == Mode.ASSOCIATED_NODE
            ? new UserInfo(
                requestor.name(),
                requestor.uid(),
                requestor.groups(),
                Map.of("authentication.kubernetes.io/associated-node-keys", requestor.extra().keySet().stream().sorted().toList()))
            : requestor;
    if (mode.constrained()) {
      require(on(mode, asking, info));
    }
    List<String> groups = checkName(mode, asking, wanted);
    if (!wanted.uid().isEmpty()) {
      require(asked(asking, mode, AUTHENTICATION_GROUP, "uids", "", "", wanted.uid()));
    }
    checkGroups(mode, asking, wanted.groups());
    checkExtra(mode, asking, wanted.extra());
    return new Acting(
        new UserInfo(wanted.name(), wanted.uid(), completed(wanted.name(), groups), wanted.extra()),
        mode.constrained() ? mode.verb() : "");
  }

  private static AuthorizationAttributes on(Mode mode, UserInfo asking, RequestInfo info) {
    String verb = "impersonate-on:" + mode.word + ":" + info.verb();
    return new AuthorizationAttributes(
        asking,
        verb,
        info.group(),
        info.version(),
        info.resource(),
        info.subresource(),
        info.namespace(),
        info.name(),
        info.path(),
        info.resourceRequest(),
        List.of(),
        List.of());
  }

  /// Checks the name and says which groups it brings along.
  private List<String> checkName(Mode mode, UserInfo asking, UserInfo wanted) {
    String resource = "users";
    String namespace = "";
    String name = wanted.name();
    List<String> groups = wanted.groups();
    String node = mode.constrained() ? nodeName(wanted.name()) : null;
    ServiceAccount account = serviceAccount(wanted.name());
    if (node != null) {
      resource = "nodes";
      name = mode == Mode.ASSOCIATED_NODE ? "*" : node;
      groups = List.of("system:nodes");
    } else if (account != null) {
      resource = "serviceaccounts";
      namespace = account.namespace();
      name = account.name();
      if (groups.isEmpty()) {
        groups = List.of("system:serviceaccounts", "system:serviceaccounts:" + account.namespace());
      }
    }
    require(asked(asking, mode, mode.group(), resource, "", namespace, name));
    return groups;
  }

  private void checkGroups(Mode mode, UserInfo asking, List<String> groups) {
    if (mode.constrained()) {
      if (groups.contains("")) {
        refuse(asked(asking, mode, mode.group(), "groups", "", "", ""), "impersonating the empty string group is not allowed");
      }
      if (groups.contains(UserInfo.SYSTEM_MASTERS)) {
        refuse(
            asked(asking, mode, mode.group(), "groups", "", "", UserInfo.SYSTEM_MASTERS),
            "impersonating the system:masters group is not allowed");
      }
      if (groups.size() >= MANY_CHECKS
          && authorizer.authorize(asked(asking, mode, mode.group(), "groups", "", "", "*")).allowed()) {
        return;
      }
    }
    for (String group : groups) {
      require(asked(asking, mode, mode.group(), "groups", "", "", group));
    }
  }

  private void checkExtra(Mode mode, UserInfo asking, Map<String, List<String>> extra) {
    if (extra.isEmpty()) {
      return;
    }
    if (mode.constrained()) {
      extra.forEach((key, values) -> checkExtraForm(asked(asking, mode, AUTHENTICATION_GROUP, "userextras", "", "", ""), key, values));
      int count = extra.values().stream().mapToInt(List::size).sum();
      if (count >= MANY_CHECKS
          && authorizer.authorize(asked(asking, mode, AUTHENTICATION_GROUP, "userextras", "*", "", "*")).allowed()) {
        return;
      }
    }
    extra.forEach(
        (key, values) -> values.forEach(value -> require(asked(asking, mode, AUTHENTICATION_GROUP, "userextras", key, "", value))));
  }

  private static void checkExtraForm(AuthorizationAttributes asked, String key, List<String> values) {
    if (key.isEmpty()) {
      refuse(asked, "impersonating the empty string key in extra is not allowed");
    }
    String why = domainPrefixedPathError(key);
    if (why != null) {
      refuse(asked, "impersonating an invalid key in extra is not allowed: " + why);
    }
    if (values.contains("")) {
      refuse(asked, "impersonating the empty string value in extra is not allowed");
    }
  }

  // Source: apimachinery pkg/util/validation/validation.go IsDomainPrefixedPath.
  private static @Nullable String domainPrefixedPathError(String key) {
    String field = "extra.key: Invalid value: ";
    int slash = key.indexOf('/');
    if (slash <= 0 || slash == key.length() - 1) {
      return field + GoText.quote(key) + ": must be a domain-prefixed path (such as \"acme.io/foo\")";
    }
    if (!SUBDOMAIN.matcher(key.substring(0, slash)).matches()) {
      return field
          + GoText.quote(key.substring(0, slash))
          + ": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end"
          + " with an alphanumeric character (e.g. 'example.com', regex used for validation is"
          + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    }
    if (!PATH.matcher(key.substring(slash + 1)).matches()) {
      return field + GoText.quote(key.substring(slash + 1)) + ": Invalid path (regex used for validation is '" + PATH.pattern() + "')";
    }
    return null;
  }

  private static AuthorizationAttributes asked(
      UserInfo user, Mode mode, String group, String resource, String subresource, String namespace, String name) {
    String version = "v1";
    return AuthorizationAttributes.resource(user, mode.verb(), group, version, resource, subresource, namespace, name);
  }

  private void require(AuthorizationAttributes asked) {
    Authorizer.Decision decision = authorizer.authorize(asked);
    if (!decision.allowed()) {
      refuse(asked, decision.reason());
    }
  }

  private static void refuse(AuthorizationAttributes asked, String reason) {
    throw Refusal.of(asked, reason).toException();
  }

  private static List<String> completed(String name, List<String> groups) {
    boolean anonymous = name.equals(UserInfo.ANONYMOUS);
    String group = anonymous ? UserInfo.UNAUTHENTICATED : UserInfo.AUTHENTICATED;
    if (groups.contains(group) || groups.contains(UserInfo.UNAUTHENTICATED)) {
      return groups;
    }
    List<String> all = new ArrayList<>(groups);
    all.add(group);
    return all;
  }

  private static @Nullable UserInfo wanted(MultiMap headers) {
    String name = first(headers, USER);
    String uid = first(headers, UID);
    List<String> groups = headers.getAll(GROUP);
    Map<String, List<String>> extra = extra(headers);
    if (!name.isEmpty()) {
      return new UserInfo(name, uid, groups, extra);
    }
    if (!uid.isEmpty() || !groups.isEmpty() || !extra.isEmpty()) {
      throw new Failure.BadRequest("requested " + dump(uid, groups, extra) + " without impersonating a user name").toException();
    }
    return null;
  }

  private static Map<String, List<String>> extra(MultiMap headers) {
    Map<String, List<String>> extra = Map.of();
    for (String header : headers.names()) {
      if (header.regionMatches(true, 0, EXTRA_PREFIX, 0, EXTRA_PREFIX.length())) {
        if (extra.isEmpty()) {
          extra = new LinkedHashMap<>();
        }
        String key = unescape(header.substring(EXTRA_PREFIX.length()).toLowerCase(Locale.ROOT));
        extra.put(key, headers.getAll(header));
      }
    }
    return extra;
  }

  // The error quotes the record as Go prints it.
  private static String dump(String uid, List<String> groups, Map<String, List<String>> extra) {
    var out = new StringBuilder("&user.DefaultInfo{Name:\"\", UID:").append(GoText.quote(uid)).append(", Groups:");
    out.append(strings(groups)).append(", Extra:map[string][]string");
    if (extra.isEmpty()) {
      out.append("(nil)");
    } else {
      out.append('{');
      extra.entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              e -> {
                out.append(out.charAt(out.length() - 1) == '{' ? "" : ", ");
                out.append(GoText.quote(e.getKey())).append(':').append(strings(e.getValue()));
              });
      out.append('}');
    }
    return out.append('}').toString();
  }

  private static String strings(List<String> texts) {
    return texts.isEmpty() ? "[]string(nil)" : "[]string{" + String.join(", ", texts.stream().map(GoText::quote).toList()) + "}";
  }

  private static String first(MultiMap headers, String name) {
    String value = headers.get(name);
    return value == null ? "" : value;
  }

  /// Undoes percent escapes; a text with broken ones stays as it is.
  static String unescape(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = new byte[text.length()];
    int count = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%') {
        int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
        int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return text;
        }
        bytes[count++] = (byte) (high << 4 | low);
        i += 2;
      } else {
        bytes[count++] = (byte) c;
      }
    }
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }

  private static @Nullable String nodeName(String user) {
    if (!user.startsWith(NODE_PREFIX)) {
      return null;
    }
    String name = user.substring(NODE_PREFIX.length());
    return name.length() <= 253 && SUBDOMAIN.matcher(name).matches() ? name : null;
  }

  private record ServiceAccount(String namespace, String name) {}

  private static @Nullable ServiceAccount serviceAccount(String user) {
    String prefix = "system:serviceaccount:";
    if (!user.startsWith(prefix)) {
      return null;
    }
    int colon = user.indexOf(':', prefix.length());
    if (colon < 0) {
      return null;
    }
    String namespace = user.substring(prefix.length(), colon);
    String name = user.substring(colon + 1);
    boolean label = namespace.length() <= 63 && namespace.indexOf('.') < 0 && SUBDOMAIN.matcher(namespace).matches();
    return label && name.length() <= 253 && SUBDOMAIN.matcher(name).matches() ? new ServiceAccount(namespace, name) : null;
  }
}
