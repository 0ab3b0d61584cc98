using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace FlowKit.Wire;

/// <summary>
/// Authorities of a file (PEM) that the other side's certificate must come from, instead of those that the system trusts.
/// </summary>
internal static class TrustedAuthorities
{
    private const int MaxBytes = 16 << 20;

    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static X509ChainPolicy Read(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(Encoding.UTF8.GetString(RegularFile.Read(path, MaxBytes)));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate"));
        return policy;
    }
}
