package io.thyra.fuzz;

import io.thyra.admission.AdmissionConfigurationFuzz;
import io.thyra.admission.webhook.ReviewFuzz;
import io.thyra.audit.AuditPolicyFuzz;
import io.thyra.authentication.CertificateFuzz;
import io.thyra.authentication.KeyFileFuzz;
import io.thyra.authentication.TokenFileFuzz;
import io.thyra.authentication.TokenFuzz;
import io.thyra.backends.AnswerHeadFuzz;
import io.thyra.backends.CaBundleFuzz;
import io.thyra.backends.KubeconfigFuzz;
import io.thyra.backends.PageFuzz;
import io.thyra.backends.UrlFuzz;
import io.thyra.cel.CelFuzz;
import io.thyra.codec.AcceptFuzz;
import io.thyra.codec.Base64Fuzz;
import io.thyra.codec.EnvelopeFuzz;
import io.thyra.codec.JsonFuzz;
import io.thyra.codec.ObjectFuzz;
import io.thyra.codec.ProtobufFuzz;
import io.thyra.codec.TimeFuzz;
import io.thyra.codec.YamlFuzz;
import io.thyra.config.FlagsFuzz;
import io.thyra.extensions.CustomObjectFuzz;
import io.thyra.extensions.DefinitionFuzz;
import io.thyra.extensions.SchemaFuzz;
import io.thyra.groups.certificates.PemFuzz;
import io.thyra.ingress.RequestFuzz;
import io.thyra.machinery.AddressFuzz;
import io.thyra.machinery.ContinueTokenFuzz;
import io.thyra.machinery.CronFuzz;
import io.thyra.machinery.DurationFuzz;
import io.thyra.machinery.FieldSelectorFuzz;
import io.thyra.machinery.JsonPatchFuzz;
import io.thyra.machinery.JsonPathFuzz;
import io.thyra.machinery.LabelSelectorFuzz;
import io.thyra.machinery.MergePatchFuzz;
import io.thyra.machinery.QueryFuzz;
import io.thyra.machinery.StrategicMergeFuzz;
import io.thyra.machinery.apply.ApplyFuzz;
import io.thyra.machinery.apply.FieldsFuzz;
import io.thyra.model.QuantityFuzz;
import io.thyra.nodes.ExitStatusFuzz;
import io.thyra.nodes.LogOptionsFuzz;
import io.thyra.nodes.SpdyFuzz;
import io.thyra.nodes.WebSocketFuzz;
import java.util.List;

/// A parser and what feeds it. Its corpus has the simple name of its class.
record Target(Class<?> type, Feed feed) {
  /// Takes one input; throws where the parser does what it must not.
  interface Feed {
    void accept(byte[] data);
  }

  static final List<Target> ALL =
      List.of(
          new Target(AcceptFuzz.class, AcceptFuzz::fuzzerTestOneInput),
          new Target(AddressFuzz.class, AddressFuzz::fuzzerTestOneInput),
          new Target(AdmissionConfigurationFuzz.class, AdmissionConfigurationFuzz::fuzzerTestOneInput),
          new Target(AnswerHeadFuzz.class, AnswerHeadFuzz::fuzzerTestOneInput),
          new Target(ApplyFuzz.class, ApplyFuzz::fuzzerTestOneInput),
          new Target(AuditPolicyFuzz.class, AuditPolicyFuzz::fuzzerTestOneInput),
          new Target(Base64Fuzz.class, Base64Fuzz::fuzzerTestOneInput),
          new Target(CaBundleFuzz.class, CaBundleFuzz::fuzzerTestOneInput),
          new Target(CelFuzz.class, CelFuzz::fuzzerTestOneInput),
          new Target(CertificateFuzz.class, CertificateFuzz::fuzzerTestOneInput),
          new Target(ContinueTokenFuzz.class, ContinueTokenFuzz::fuzzerTestOneInput),
          new Target(CronFuzz.class, CronFuzz::fuzzerTestOneInput),
          new Target(CustomObjectFuzz.class, CustomObjectFuzz::fuzzerTestOneInput),
          new Target(DefinitionFuzz.class, DefinitionFuzz::fuzzerTestOneInput),
          new Target(DurationFuzz.class, DurationFuzz::fuzzerTestOneInput),
          new Target(EnvelopeFuzz.class, EnvelopeFuzz::fuzzerTestOneInput),
          new Target(ExitStatusFuzz.class, ExitStatusFuzz::fuzzerTestOneInput),
          new Target(FieldSelectorFuzz.class, FieldSelectorFuzz::fuzzerTestOneInput),
          new Target(FieldsFuzz.class, FieldsFuzz::fuzzerTestOneInput),
          new Target(FlagsFuzz.class, FlagsFuzz::fuzzerTestOneInput),
          new Target(JsonFuzz.class, JsonFuzz::fuzzerTestOneInput),
          new Target(JsonPatchFuzz.class, JsonPatchFuzz::fuzzerTestOneInput),
          new Target(JsonPathFuzz.class, JsonPathFuzz::fuzzerTestOneInput),
          new Target(KeyFileFuzz.class, KeyFileFuzz::fuzzerTestOneInput),
          new Target(KubeconfigFuzz.class, KubeconfigFuzz::fuzzerTestOneInput),
          new Target(LabelSelectorFuzz.class, LabelSelectorFuzz::fuzzerTestOneInput),
          new Target(LogOptionsFuzz.class, LogOptionsFuzz::fuzzerTestOneInput),
          new Target(MergePatchFuzz.class, MergePatchFuzz::fuzzerTestOneInput),
          new Target(ObjectFuzz.class, ObjectFuzz::fuzzerTestOneInput),
          new Target(PageFuzz.class, PageFuzz::fuzzerTestOneInput),
          new Target(PemFuzz.class, PemFuzz::fuzzerTestOneInput),
          new Target(ProtobufFuzz.class, ProtobufFuzz::fuzzerTestOneInput),
          new Target(QuantityFuzz.class, QuantityFuzz::fuzzerTestOneInput),
          new Target(QueryFuzz.class, QueryFuzz::fuzzerTestOneInput),
          new Target(RequestFuzz.class, RequestFuzz::fuzzerTestOneInput),
          new Target(ReviewFuzz.class, ReviewFuzz::fuzzerTestOneInput),
          new Target(SchemaFuzz.class, SchemaFuzz::fuzzerTestOneInput),
          new Target(SpdyFuzz.class, SpdyFuzz::fuzzerTestOneInput),
          new Target(StrategicMergeFuzz.class, StrategicMergeFuzz::fuzzerTestOneInput),
          new Target(TimeFuzz.class, TimeFuzz::fuzzerTestOneInput),
          new Target(TokenFileFuzz.class, TokenFileFuzz::fuzzerTestOneInput),
          new Target(TokenFuzz.class, TokenFuzz::fuzzerTestOneInput),
          new Target(UrlFuzz.class, UrlFuzz::fuzzerTestOneInput),
          new Target(WebSocketFuzz.class, WebSocketFuzz::fuzzerTestOneInput),
          new Target(YamlFuzz.class, YamlFuzz::fuzzerTestOneInput));

  String name() {
    return type.getSimpleName();
  }
}
