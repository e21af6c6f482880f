package io.thyra.groups.storage;

import static io.thyra.groups.Checks.isSet;

import io.thyra.groups.Checks;
import io.thyra.groups.GoStruct;
import io.thyra.groups.Group;
import io.thyra.groups.KindStrategy;
import io.thyra.groups.Rules;
import io.thyra.groups.core.VolumeRules;
import io.thyra.machinery.Names;
import io.thyra.model.FieldError;
import io.thyra.model.FieldPath;
import io.thyra.model.GoText;
import io.thyra.model.ObjectValue;
import io.thyra.schema.Struct;
import java.util.List;

/// VolumeAttachments. Source: pkg/apis/storage/validation/validation.go, pkg/registry/storage/volumeattachment/strategy.go.
final class AttachmentRules {
  private static final FieldPath SPEC = FieldPath.of("spec");
  private static final FieldPath STATUS = FieldPath.of("status");
  private static final FieldPath SOURCE = SPEC.child("source");
  private static final int METADATA_BYTES_MAX = 256 * 1024;
  private static final int MESSAGE_LENGTH_MAX = 1024;
  private static final String ONE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";

  private AttachmentRules() {}

  static void declare(Group.Declaration r) {
    Struct spec = GoStruct.at(r.struct(), "spec");
    r.rules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .dropsStatus()
        .requiresResourceVersion()
        .rules((object, _, errors) -> attachment(object, errors))
        .updateRules((object, old, _, errors) -> immutable(object, old, spec, errors));
    r.statusRules()
        .named(Names.DNS_SUBDOMAIN)
        .checksUpdates(KindStrategy.UpdateOrder.WHOLE)
        .requiresResourceVersion()
        .resetsMetadata()
        .rules((object, _, errors) -> attachment(object, errors));
  }

  private static void immutable(ObjectValue object, ObjectValue old, Struct spec, List<FieldError> errors) {
    if (!object.object("spec").equals(old.object("spec"))) {
      String printed = GoText.of(GoStruct.of(spec, object.get("spec")));
      errors.add(FieldError.invalidPrinted(SPEC, printed, Rules.IMMUTABLE));
    }
  }

  private static void attachment(ObjectValue object, List<FieldError> errors) {
    ObjectValue spec = object.object("spec");
    DriverRules.name(spec.string("attacher"), SPEC.child("attacher"), errors);
    ObjectValue source = spec.object("source");
    boolean inline = isSet(source, "inlineVolumeSpec");
    boolean named = isSet(source, "persistentVolumeName");
    String volume = source.string("persistentVolumeName");
    if (!inline && !named) {
      errors.add(FieldError.required(SOURCE, ONE));
    } else if (inline && named) {
      errors.add(FieldError.forbidden(SOURCE, ONE));
    } else if (named && volume.isEmpty()) {
      errors.add(FieldError.required(SOURCE.child("persistentVolumeName"), "must specify non empty persistentVolumeName"));
    } else if (inline) {
      VolumeRules.inlineVolume(source.object("inlineVolumeSpec"), SOURCE.child("inlineVolumeSpec"), errors);
    }
    Rules.checkFormat(spec.string("nodeName"), SPEC.child("nodeName"), errors, Names::dns1123Subdomain);
    status(object.object("status"), errors);
    if (named) {
      Rules.checkFormat(volume, FieldPath.of("spec.source.persistentVolumeName"), errors, Names::dns1123Subdomain);
    }
  }

  private static void status(ObjectValue status, List<FieldError> errors) {
    if (ClassRules.bytes(status.object("attachmentMetadata")) > METADATA_BYTES_MAX) {
      errors.add(FieldError.tooLong(STATUS.child("attachmentMetadata"), METADATA_BYTES_MAX));
    }
    for (String field : List.of("attachError", "detachError")) {
      ObjectValue error = status.object(field);
      if (error.string("message").length() > MESSAGE_LENGTH_MAX) {
        // Upstream tells the other limit.
        errors.add(FieldError.tooLong(STATUS.child(field, "message"), METADATA_BYTES_MAX));
      }
      long code = Checks.number(error, "errorCode");
      if (code < 0) {
        errors.add(FieldError.invalid(STATUS.child(field, "errorCode"), code, Rules.inRange(0, Integer.MAX_VALUE)));
      }
    }
  }
}
