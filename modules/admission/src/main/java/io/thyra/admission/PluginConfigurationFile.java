package io.thyra.admission;

import io.thyra.admission.PluginConfiguration.Images;
import io.thyra.admission.PluginConfiguration.LimitedResource;
import io.thyra.admission.PluginConfiguration.Security;
import io.thyra.admission.PluginConfiguration.Tolerated;
import io.thyra.admission.SecurityLevel.Policy;
import io.thyra.codec.DecodeException;
import io.thyra.codec.YamlReader;
import io.thyra.machinery.GoDuration;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ListValue;
import io.thyra.model.ObjectValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads the AdmissionConfiguration of `--admission-control-config-file`, and what it says of each plugin: in place, or in a
/// file of the plugin's own, beside it unless the path is absolute. What is said of plugins without a configuration is not
/// looked at. Source: apiserver pkg/admission/config.go, plugins.go.
public final class PluginConfigurationFile {
  private static final Set<String> VERSIONS = Set.of("apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1");
  private static final Set<String> QUOTA_VERSIONS =
      Set.of("apiserver.config.k8s.io/v1", "resourcequota.admission.k8s.io/v1beta1", "resourcequota.admission.k8s.io/v1alpha1");
  private static final Set<String> SECURITY_VERSIONS =
      Set.of("pod-security.admission.config.k8s.io/v1", "pod-security.admission.config.k8s.io/v1beta1", "pod-security.admission.config.k8s.io/v1alpha1");
  private static final Set<String> WEBHOOK_VERSIONS = Set.of("apiserver.config.k8s.io/v1", "apiserver.config.k8s.io/v1alpha1");
  private static final List<String> LIMIT_TYPES = List.of("Namespace", "Server", "SourceAndObject", "User");
  private static final int FILE_BYTES_MAX = 3 << 20;

  private final Map<String, ObjectValue> plugins;

  private PluginConfigurationFile(Map<String, ObjectValue> plugins) {
    this.plugins = plugins;
  }

  /// @throws ConfigurationException when a file cannot be read or says what cannot be
  public static PluginConfiguration read(Path file) throws ConfigurationException {
    ObjectValue root;
    try {
      root = parse(readBytes(file));
    } catch (IOException e) {
      throw unreadable("unable to read admission control configuration from " + GoText.quote(file.toString()) + " [" + text(file, e) + "]");
    } catch (DecodeException e) {
      throw unreadable(e.text());
    }
    if (!root.has("kind") && root.has("podNodeSelectorPluginConfig")) {
      // As files were before there was a format for all plugins.
      return new PluginConfigurationFile(Map.of("PodNodeSelector", root)).read();
    }
    try {
      checkType(root, VERSIONS, "AdmissionConfiguration");
      checkFields(root, "", Set.of("kind", "apiVersion", "plugins"));
      var plugins = new LinkedHashMap<String, ObjectValue>();
      List<ObjectValue> entries = root.list("plugins").objects();
      for (int i = 0; i < entries.size(); i++) {
        checkFields(entries.get(i), "plugins[" + i + "].", Set.of("name", "path", "configuration"));
        Optional<ObjectValue> configuration = configuration(entries.get(i), file);
        String name = entries.get(i).string("name");
        configuration.ifPresent(value -> plugins.putIfAbsent(name, value));
      }
      return new PluginConfigurationFile(plugins).read();
    } catch (DecodeException e) {
      throw unreadable(e.text());
    }
  }

  private static ConfigurationException unreadable(String why) {
    return new ConfigurationException("failed to apply admission: failed to read plugin config: " + why);
  }

  private static Optional<ObjectValue> configuration(ObjectValue entry, Path file) throws ConfigurationException {
    if (entry.get("configuration") instanceof ObjectValue inline) {
      return Optional.of(inline);
    }
    String path = entry.string("path");
    if (path.isEmpty()) {
      return Optional.empty();
    }
    requirePath(path);
    Path own = file.toAbsolutePath().resolveSibling(path).normalize();
    try {
      return Optional.of(parse(readBytes(own)));
    } catch (IOException e) {
      throw new ConfigurationException("Couldn't open admission plugin configuration " + own + ": " + text(own, e));
    } catch (DecodeException e) {
      throw unusable(entry.string("name"), e.text());
    }
  }

  private static void requirePath(String path) {
    if (path.indexOf('\0') >= 0) {
      throw new DecodeException("open " + path + ": invalid argument");
    }
  }

  private static byte[] readBytes(Path file) throws IOException {
    if (Files.isRegularFile(file) && Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException("the file is larger than " + FILE_BYTES_MAX + " bytes");
    }
    return Files.readAllBytes(file);
  }

  private static String text(Path file, IOException e) {
    return Files.exists(file) ? String.valueOf(e.getMessage()) : "open " + file + ": no such file or directory";
  }

  private static ObjectValue parse(byte[] bytes) {
    return YamlReader.read(bytes).root() instanceof ObjectValue object ? object : ObjectValue.EMPTY;
  }

  private static ConfigurationException unusable(String plugin, String why) {
    return new ConfigurationException("failed to apply admission: couldn't init admission plugin " + GoText.quote(plugin) + ": " + why);
  }

  private static void checkType(ObjectValue object, Set<String> versions, String kind) {
    String told = object.string("kind");
    String version = object.string("apiVersion");
    if (told.isEmpty()) {
      throw new DecodeException("Object 'Kind' is missing in '" + GoText.json(object) + "'");
    }
    if (!versions.contains(version) || !told.equals(kind)) {
      throw new DecodeException("no kind " + GoText.quote(told) + " is registered for version " + GoText.quote(version));
    }
  }

  private static void checkFields(ObjectValue object, String path, Set<String> known) {
    List<String> unknown =
        object.names().stream().filter(name -> !known.contains(name)).map(name -> "unknown field " + GoText.quote(path + name)).toList();
    if (!unknown.isEmpty()) {
      throw new DecodeException("strict decoding error: " + String.join(", ", unknown));
    }
  }

  private PluginConfiguration read() throws ConfigurationException {
    return new PluginConfiguration(
        of("EventRateLimit", PluginConfigurationFile::eventLimits, List.of()),
        of("ResourceQuota", PluginConfigurationFile::limitedResources, List.of()),
        of("PodNodeSelector", value -> value.object("podNodeSelectorPluginConfig").strings(), Map.of()),
        of("PodTolerationRestriction", PluginConfigurationFile::tolerations, new Tolerated(ListValue.EMPTY, ListValue.EMPTY)),
        of("PodSecurity", PluginConfigurationFile::security, Security.NONE),
        of("MutatingAdmissionWebhook", PluginConfigurationFile::webhooks, Optional.empty()),
        of("ValidatingAdmissionWebhook", PluginConfigurationFile::webhooks, Optional.empty()),
        of("ImagePolicyWebhook", PluginConfigurationFile::images, Optional.empty()));
  }

  private <T> T of(String plugin, Function<ObjectValue, T> reader, T absent) throws ConfigurationException {
    ObjectValue value = plugins.get(plugin);
    if (value == null) {
      return absent;
    }
    try {
      return reader.apply(value);
    } catch (DecodeException e) {
      throw unusable(plugin, e.text());
    }
  }

  private static void refuse(List<FieldError> errors) {
    if (!errors.isEmpty()) {
      throw new DecodeException(Refusal.aggregate(errors.stream().map(FieldError::toString).toList()));
    }
  }

  /// Source: kubernetes plugin/pkg/admission/eventratelimit/apis/eventratelimit/validation.
  private static List<EventLimit> eventLimits(ObjectValue value) {
    checkType(value, Set.of("eventratelimit.admission.k8s.io/v1alpha1"), "Configuration");
    var errors = new ArrayList<FieldError>();
    var limits = new ArrayList<EventLimit>();
    List<ObjectValue> told = value.list("limits").objects();
    if (told.isEmpty()) {
      errors.add(FieldError.invalid(FieldPath.of("limits"), ListValue.EMPTY, "must not be empty"));
    }
    for (int i = 0; i < told.size(); i++) {
      FieldPath path = FieldPath.of("limits").index(i);
      ObjectValue limit = told.get(i);
      String type = limit.string("type");
      long burst = limit.integer(0, "burst");
      long perSecond = limit.integer(0, "qps");
      long cacheSize = limit.integer(0, "cacheSize");
      if (!LIMIT_TYPES.contains(type)) {
        errors.add(FieldError.notSupported(path.child("type"), type, LIMIT_TYPES));
      }
      if (burst <= 0) {
        errors.add(FieldError.invalid(path.child("burst"), burst, "must be positive"));
      }
      if (perSecond <= 0) {
        errors.add(FieldError.invalid(path.child("qps"), perSecond, "must be positive"));
      }
      if (cacheSize < 0 && !type.equals("Server")) {
        errors.add(FieldError.invalid(path.child("cacheSize"), cacheSize, "must not be negative"));
      }
      limits.add(new EventLimit(type, (int) perSecond, (int) burst, (int) cacheSize));
    }
    refuse(errors);
    return limits;
  }

  private static List<LimitedResource> limitedResources(ObjectValue value) {
    checkType(value, QUOTA_VERSIONS, value.string("apiVersion").startsWith("resourcequota.") ? "Configuration" : "ResourceQuotaConfiguration");
    var errors = new ArrayList<FieldError>();
    var limited = new ArrayList<LimitedResource>();
    List<ObjectValue> told = value.list("limitedResources").objects();
    for (int i = 0; i < told.size(); i++) {
      ObjectValue each = told.get(i);
      if (each.string("resource").isEmpty()) {
        errors.add(FieldError.required(FieldPath.of("limitedResources").index(i).child("resource"), ""));
      }
      var scopes = new ArrayList<QuotaScopes.Scope>();
      for (ObjectValue scope : each.list("matchScopes").objects()) {
        scopes.add(new QuotaScopes.Scope(scope.string("scopeName"), scope.string("operator"), scope.list("values").strings()));
      }
      limited.add(new LimitedResource(each.string("apiGroup"), each.string("resource"), each.list("matchContains").strings(), scopes));
    }
    refuse(errors);
    return limited;
  }

  private static Tolerated tolerations(ObjectValue value) {
    checkType(value, Set.of("podtolerationrestriction.admission.k8s.io/v1alpha1"), "Configuration");
    return new Tolerated(value.list("default"), value.list("whitelist"));
  }

  /// Source: pod-security-admission admission/api/validation/validation.go.
  private static Security security(ObjectValue value) {
    checkType(value, SECURITY_VERSIONS, "PodSecurityConfiguration");
    var errors = new ArrayList<FieldError>();
    Policy defaults = Policy.ofDefaults(value.object("defaults"), errors);
    List<String> namespaces = exempt(value, "namespaces", Names::dns1123Label, errors);
    List<String> runtimeClasses = exempt(value, "runtimeClasses", Names::dns1123Subdomain, errors);
    List<String> users = exempt(value, "usernames", name -> name.isEmpty() ? List.of("username must not be empty") : List.of(), errors);
    refuse(errors);
    return new Security(defaults, namespaces, runtimeClasses, users);
  }

  private static List<String> exempt(
      ObjectValue value, String field, Function<String, List<String>> problems, List<FieldError> errors) {
    List<String> names = value.list("exemptions", field).strings();
    var seen = new HashSet<String>();
    for (int i = 0; i < names.size(); i++) {
      FieldPath path = FieldPath.of("exemptions", field).index(i);
      List<String> wrong = problems.apply(names.get(i));
      if (!wrong.isEmpty()) {
        errors.add(FieldError.invalid(path, names.get(i), String.join(", ", wrong)));
      } else if (!seen.add(names.get(i))) {
        errors.add(FieldError.duplicate(path, names.get(i)));
      }
    }
    return names;
  }

  /// Source: plugin/pkg/admission/imagepolicy/config.go.
  private static Optional<Images> images(ObjectValue value) {
    ObjectValue told = value.object("imagePolicy");
    Duration longest = Duration.ofMinutes(30);
    return Optional.of(
        new Images(
            Path.of(told.string("kubeConfigFile")),
            duration("allow cache", told, "allowTTL", Duration.ofSeconds(1), longest, Duration.ofMinutes(5)),
            duration("deny cache", told, "denyTTL", Duration.ofSeconds(1), longest, Duration.ofSeconds(30)),
            duration("backoff", told, "retryBackoff", Duration.ofNanos(1), Duration.ofMinutes(5), Duration.ofMillis(500)),
            told.bool("defaultAllow")));
  }

  // -1 for none, 0 for the usual one. Waits are told in milliseconds, the rest in seconds.
  private static Duration duration(String what, ObjectValue told, String field, Duration min, Duration max, Duration usual) {
    long number = told.integer(0, field);
    if (number == -1) {
      return Duration.ZERO;
    }
    if (number == 0) {
      return usual;
    }
    Duration given = what.equals("backoff") ? Duration.ofMillis(number) : Duration.ofSeconds(number);
    if (given.compareTo(min) < 0 || given.compareTo(max) > 0) {
      throw new DecodeException(
          "valid value is between " + GoDuration.print(min) + " and " + GoDuration.print(max) + ", got " + GoDuration.print(given));
    }
    return given;
  }

  private static Optional<Path> webhooks(ObjectValue value) {
    boolean first = value.string("apiVersion").endsWith("v1alpha1");
    checkType(value, WEBHOOK_VERSIONS, first ? "WebhookAdmission" : "WebhookAdmissionConfiguration");
    checkFields(value, "", Set.of("kind", "apiVersion", "kubeConfigFile", "staticManifestsDir"));
    String file = value.string("kubeConfigFile");
    requirePath(file);
    if (!file.isEmpty() && !Path.of(file).isAbsolute()) {
      refuse(List.of(FieldError.invalid(FieldPath.of("kubeConfigFile"), file, "must be an absolute file path")));
    }
    if (!value.string("staticManifestsDir").isEmpty()) {
      throw new DecodeException("staticManifestsDir is not there yet, and its webhooks would not be called");
    }
    return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
  }
}
