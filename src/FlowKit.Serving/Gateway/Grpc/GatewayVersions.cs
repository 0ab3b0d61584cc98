using System.Runtime.InteropServices;
using FlowKit.Wire.Protos.V1;

namespace FlowKit.Serving.Gateway.Grpc;

/// <summary>The versions that <c>_status</c> reports.</summary>
internal static class GatewayVersions
{
    public static JinaInfoProto Read() => new()
    {
        Jina =
        {
            ["flowkit"] = typeof(GatewayVersions).Assembly.GetName().Version!.ToString(3),
            ["dotnet"] = Environment.Version.ToString(),
            ["platform"] = Environment.OSVersion.Platform.ToString(),
            ["architecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
        },
    };
}
