using System.Buffers.Binary;
using System.Net.Sockets;

namespace FlowKit.Serving.Ipc;

/// <summary>Finds the process at the other side of a Unix socket, as the system knows it.</summary>
internal static class PeerProcess
{
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;
    private const int CredentialsSize = 12;

    public static int? Of(Socket socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        Span<byte> credentials = stackalloc byte[CredentialsSize];
        var isTold = socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) == CredentialsSize;
        return isTold && BinaryPrimitives.ReadInt32LittleEndian(credentials) is > 0 and var process ? process : null;
    }
}
