using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlowKit.Serving.Grpc;

/// <summary>A certificate for <c>localhost</c>, signed by itself.</summary>
internal static class Certificates
{
    public static X509Certificate2 Create(DateTimeOffset? expires = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        var end = expires ?? TimeProvider.System.GetUtcNow().AddDays(1);
        return request.CreateSelfSigned(end.AddDays(-2), end);
    }
}
