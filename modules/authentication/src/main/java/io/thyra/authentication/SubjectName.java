package io.thyra.authentication;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/// What a certificate's subject says of its owner. The last common name counts, as in Go.
record SubjectName(String commonName, List<String> organizations, String uid) {
  // The attribute that carries a user's uid. Source: apimachinery pkg/apis/asn1/oid.go.
  private static final ASN1ObjectIdentifier UID = new ASN1ObjectIdentifier("1.3.6.1.4.1.57683.2");

  private static final SubjectName NOBODY = new SubjectName("", List.of(), "");

  /// A subject that cannot be read names nobody.
  static SubjectName of(X509Certificate certificate) {
    try {
      return of(X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded()));
    } catch (IllegalArgumentException _) {
      return NOBODY;
    }
  }

  private static SubjectName of(X500Name subject) {
    String commonName = "";
    String uid = "";
    var organizations = new ArrayList<String>();
    for (RDN rdn : subject.getRDNs()) {
      for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
        if (attribute.getType().equals(BCStyle.CN)) {
          commonName = text(attribute);
        } else if (attribute.getType().equals(BCStyle.O)) {
          organizations.add(text(attribute));
        } else if (attribute.getType().equals(UID)) {
          uid = text(attribute);
        }
      }
    }
    return new SubjectName(commonName, List.copyOf(organizations), uid);
  }

  private static String text(AttributeTypeAndValue attribute) {
    return attribute.getValue() instanceof org.bouncycastle.asn1.ASN1String string
        ? string.getString()
        : IETFUtils.valueToString(attribute.getValue());
  }
}
