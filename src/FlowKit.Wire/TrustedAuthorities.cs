using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace FlowKit.Wire;

/// <summary>
/// Authorities of a file (PEM) that the other side's certificate must come from, instead of those that the system trusts.
/// </summary>
internal static class TrustedAuthorities
{
    /// <exception cref="CryptographicException">The file holds no certificate.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    public static X509ChainPolicy Read(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate"));
        return policy;
    }
}
