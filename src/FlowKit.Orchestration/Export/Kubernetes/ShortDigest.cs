using System.Security.Cryptography;
using System.Text;

namespace FlowKit.Orchestration.Export.Kubernetes;

/// <summary>A text's digest, short enough for an annotation.</summary>
internal static class ShortDigest
{
    public static string Of(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
