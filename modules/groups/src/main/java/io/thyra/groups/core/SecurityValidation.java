package io.thyra.groups.core;

import io.thyra.groups.GoStruct;
import io.thyra.machinery.Names;
import io.thyra.machinery.Words;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.IntegerValue;
import io.thyra.model.ObjectValue;
import io.thyra.model.Value;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/// The security contexts of pods and containers. Source: pkg/apis/core/validation/validation.go.
final class SecurityValidation {
  private static final String SYSCTL = "^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$";
  private static final Pattern SYSCTL_NAME = Pattern.compile(SYSCTL);
  private static final int SYSCTL_MAX = 253;
  private static final int PROFILE_MAX = 4095;
  private static final int CREDENTIAL_MAX_KIB = 64;
  private static final int DOMAIN_MAX = 256;
  private static final int USER_MAX = 104;
  private static final Pattern CONTROLS = Pattern.compile("[\\x00-\\x1f\\x7f]+");
  private static final Pattern NET_BIOS = Pattern.compile("^[^\\\\/:\\*\\?\"<>|\\.][^\\\\/:\\*\\?\"<>|]{0,14}$");
  private static final Pattern DOMAIN =
      Pattern.compile("^[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?(\\.[a-zA-Z0-9]([a-zA-Z0-9\\-]{0,61}[a-zA-Z0-9])?)*$");
  private static final Pattern DOTS_AND_SPACES = Pattern.compile("^[\\. ]+$");
  private static final Pattern BAD_USER = Pattern.compile("[\"/\\\\:;|=,\\+\\*\\?<>@\\[\\]]");
  private static final List<String> PROFILES = List.of("Localhost", "RuntimeDefault", "Unconfined");

  private SecurityValidation() {}

  /// What holds for all containers of a pod.
  static void pod(ObjectValue spec, FieldPath path, List<FieldError> errors) {
    if (!(spec.get("securityContext") instanceof ObjectValue context)) {
      return;
    }
    ids(context, path, errors, "fsGroup", "runAsUser", "runAsGroup");
    List<Value> groups = context.list("supplementalGroups").items();
    for (int i = 0; i < groups.size(); i++) {
      if (groups.get(i) instanceof IntegerValue(long id)) {
        FieldPath at = path.child("supplementalGroups").index(i);
        Words.unixId(id).forEach(complaint -> errors.add(FieldError.invalid(at, id, complaint)));
      }
    }
    if (spec.bool("shareProcessNamespace") && spec.bool("hostPID")) {
      errors.add(
          FieldError.invalidPrinted(
              path.child("shareProcessNamespace"), "true", "ShareProcessNamespace and HostPID cannot both be enabled"));
    }
    sysctls(spec, context, path.child("sysctls"), errors);
    oneOf(context, "fsGroupChangePolicy", path, errors, "Always", "OnRootMismatch");
    seccomp(context, path, errors);
    windows(context, path, errors);
    appArmor(context, path, errors);
    oneOf(context, "supplementalGroupsPolicy", path, errors, "Merge", "Strict");
    oneOf(context, "seLinuxChangePolicy", path, errors, "Recursive");
  }

  static void ids(ObjectValue context, FieldPath path, List<FieldError> errors, String... fields) {
    for (String field : fields) {
      if (context.get(field) instanceof IntegerValue(long id)) {
        Words.unixId(id).forEach(complaint -> errors.add(FieldError.invalid(path.child(field), id, complaint)));
      }
    }
  }

  private static void oneOf(ObjectValue context, String field, FieldPath path, List<FieldError> errors, String... words) {
    if (context.has(field) && !List.of(words).contains(context.string(field))) {
      errors.add(FieldError.notSupported(path.child(field), context.string(field), List.of(words)));
    }
  }

  private static void sysctls(ObjectValue spec, ObjectValue context, FieldPath path, List<FieldError> errors) {
    var seen = new HashSet<String>();
    List<ObjectValue> sysctls = context.list("sysctls").objects();
    for (int i = 0; i < sysctls.size(); i++) {
      String name = sysctls.get(i).string("name");
      FieldPath at = path.index(i).child("name");
      if (name.isEmpty()) {
        errors.add(FieldError.required(at, ""));
      } else if (name.length() > SYSCTL_MAX || !SYSCTL_NAME.matcher(name).matches()) {
        errors.add(FieldError.invalid(at, name, "must have at most " + SYSCTL_MAX + " characters and match regex " + SYSCTL));
      } else if (seen.contains(name)) {
        errors.add(FieldError.duplicate(at, name));
      }
      String dotted = dotted(name);
      if (spec.bool("hostNetwork") && dotted.startsWith("net.")) {
        errors.add(FieldError.invalid(at, name, "may not be specified when 'hostNetwork' is true"));
      } else if (spec.bool("hostIPC") && isOfIpc(dotted)) {
        errors.add(FieldError.invalid(at, name, "may not be specified when 'hostIPC' is true"));
      }
      seen.add(name);
    }
  }

  // The first separator tells which one separates: with a slash, dots and slashes change places.
  private static String dotted(String name) {
    int slash = name.indexOf('/');
    int dot = name.indexOf('.');
    if (slash < 0 || dot >= 0 && dot < slash) {
      return name;
    }
    var out = new StringBuilder();
    name.chars().forEach(c -> out.append((char) (c == '/' ? '.' : c == '.' ? '/' : c)));
    return out.toString();
  }

  private static boolean isOfIpc(String name) {
    return name.startsWith("kernel.shm")
        || name.startsWith("kernel.msg")
        || name.startsWith("fs.mqueue.")
        || name.equals("kernel.sem");
  }

  static void seccomp(ObjectValue context, FieldPath parent, List<FieldError> errors) {
    if (!(context.get("seccompProfile") instanceof ObjectValue profile)) {
      return;
    }
    FieldPath path = parent.child("seccompProfile");
    String type = profile.string("type");
    if (type.isEmpty()) {
      errors.add(FieldError.required(path.child("type"), "type is required when seccompProfile is set"));
    } else if (!PROFILES.contains(type)) {
      errors.add(FieldError.notSupported(path.child("type"), type, PROFILES));
    }
    FieldPath local = path.child("localhostProfile");
    if (!type.equals("Localhost")) {
      if (profile.has("localhostProfile")) {
        String shown = GoText.json(GoStruct.of(GoStruct.at(PodValidation.SPEC_TYPE, "securityContext", "seccompProfile"), profile));
        errors.add(FieldError.invalidPrinted(local, shown, "can only be set when seccomp type is Localhost"));
      }
    } else if (profile.has("localhostProfile")) {
      Checks.descendingPath(profile.string("localhostProfile"), local, errors);
    } else {
      errors.add(FieldError.required(local, "must be set when seccomp type is Localhost"));
    }
  }

  static void appArmor(ObjectValue context, FieldPath parent, List<FieldError> errors) {
    if (!(context.get("appArmorProfile") instanceof ObjectValue profile)) {
      return;
    }
    FieldPath path = parent.child("appArmorProfile");
    FieldPath local = path.child("localhostProfile");
    String name = profile.string("localhostProfile");
    String type = profile.string("type");
    switch (type) {
      case "Localhost" -> {
        if (profile.has("localhostProfile") && !name.strip().equals(name)) {
          errors.add(FieldError.invalid(local, name, "must not be padded with whitespace"));
        } else if (name.isEmpty()) {
          errors.add(FieldError.required(local, "must be set when AppArmor type is Localhost"));
        }
        if (name.length() > PROFILE_MAX) {
          errors.add(FieldError.tooLong(local, PROFILE_MAX));
        }
      }
      case "RuntimeDefault", "Unconfined" -> {
        if (profile.has("localhostProfile")) {
          errors.add(FieldError.invalid(local, name, "can only be set when AppArmor type is Localhost"));
        }
      }
      case "" -> errors.add(FieldError.required(path.child("type"), "type is required when appArmorProfile is set"));
      default -> errors.add(FieldError.notSupported(path.child("type"), type, PROFILES));
    }
  }

  static void windows(ObjectValue context, FieldPath parent, List<FieldError> errors) {
    if (!(context.get("windowsOptions") instanceof ObjectValue options)) {
      return;
    }
    FieldPath path = parent.child("windowsOptions");
    if (options.has("gmsaCredentialSpecName")) {
      String name = options.string("gmsaCredentialSpecName");
      Checks.format(name, Names.dns1123Subdomain(name), path.child("gmsaCredentialSpecName"), errors);
    }
    if (options.has("gmsaCredentialSpec")) {
      String spec = options.string("gmsaCredentialSpec");
      FieldPath at = path.child("gmsaCredentialSpec");
      if (spec.isEmpty()) {
        errors.add(FieldError.invalid(at, spec, "gmsaCredentialSpec cannot be an empty string"));
      } else if (spec.length() > CREDENTIAL_MAX_KIB * 1024) {
        errors.add(FieldError.invalid(at, spec, "gmsaCredentialSpec size must be under " + CREDENTIAL_MAX_KIB + " KiB"));
      }
    }
    if (options.has("runAsUserName")) {
      windowsUser(options.string("runAsUserName"), path.child("runAsUserName"), errors);
    }
  }

  private static void windowsUser(String name, FieldPath path, List<FieldError> errors) {
    String[] parts = name.split("\\\\", -1);
    String whole =
        name.isEmpty()
            ? "runAsUserName cannot be an empty string"
            : CONTROLS.matcher(name).find()
                ? "runAsUserName cannot contain control characters"
                : parts.length > 2 ? "runAsUserName cannot contain more than one backslash" : "";
    if (!whole.isEmpty()) {
      errors.add(FieldError.invalid(path, name, whole));
      return;
    }
    String user = parts[parts.length - 1];
    if (parts.length == 2) {
      if (parts[0].length() >= DOMAIN_MAX) {
        errors.add(FieldError.invalid(path, name, "runAsUserName's Domain length must be under " + DOMAIN_MAX + " characters"));
      }
      if (!NET_BIOS.matcher(parts[0]).matches() && !DOMAIN.matcher(parts[0]).matches()) {
        errors.add(FieldError.invalid(path, name, "runAsUserName's Domain doesn't match the NetBios nor the DNS format"));
      }
    }
    if (user.isEmpty()) {
      errors.add(FieldError.invalid(path, name, "runAsUserName's User cannot be empty"));
    } else if (user.length() > USER_MAX) {
      errors.add(
          FieldError.invalid(path, name, "runAsUserName's User length must not be longer than " + USER_MAX + " characters"));
    }
    if (DOTS_AND_SPACES.matcher(user).matches()) {
      errors.add(FieldError.invalid(path, name, "runAsUserName's User cannot contain only periods or spaces"));
    }
    if (BAD_USER.matcher(user).find()) {
      errors.add(
          FieldError.invalid(
              path, name, "runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]"));
    }
  }

  /// What holds for one container.
  static void container(ObjectValue context, boolean hostUsers, boolean privileged, FieldPath path, List<FieldError> errors) {
    if (context.bool("privileged") && !privileged) {
      errors.add(FieldError.forbidden(path.child("privileged"), "disallowed by cluster policy"));
    }
    ids(context, path, errors, "runAsUser", "runAsGroup");
    if (context.has("procMount")) {
      String mount = context.string("procMount");
      if (!mount.equals("Default") && !mount.equals("Unmasked")) {
        errors.add(FieldError.notSupported(path.child("procMount"), mount, List.of("Default", "Unmasked")));
      }
      if (mount.equals("Unmasked") && hostUsers) {
        errors.add(FieldError.invalid(path.child("procMount"), mount, "`hostUsers` must be false to use `Unmasked`"));
      }
    }
    seccomp(context, path, errors);
    if (context.has("allowPrivilegeEscalation") && !context.bool("allowPrivilegeEscalation")) {
      String begin = "cannot set `allowPrivilegeEscalation` to false and `";
      if (context.bool("privileged")) {
        errors.add(FieldError.invalidPrinted(path, print(context), begin + "privileged` to true"));
      }
      for (String capability : context.list("capabilities", "add").strings()) {
        if (capability.equals("CAP_SYS_ADMIN")) {
          errors.add(FieldError.invalidPrinted(path, print(context), begin + "capabilities.Add` CAP_SYS_ADMIN"));
        }
      }
    }
    windows(context, path, errors);
    appArmor(context, path, errors);
  }

  private static String print(ObjectValue context) {
    return GoText.json(GoStruct.of(GoStruct.at(PodValidation.SPEC_TYPE, "containers", "securityContext"), context));
  }
}
