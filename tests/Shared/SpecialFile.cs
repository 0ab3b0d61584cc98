using System.Diagnostics;
using System.Net.Sockets;

namespace FlowKit.Tests;

/// <summary>Makes files that are no regular ones.</summary>
internal static class SpecialFile
{
    public static string Pipe(string path)
    {
        using var process = Process.Start("mkfifo", [path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return path;
    }

    /// <summary>A socket that somebody listens on until it is disposed.</summary>
    public static Socket Socket(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }
}
