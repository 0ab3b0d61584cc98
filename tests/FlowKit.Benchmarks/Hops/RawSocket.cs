using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;

namespace FlowKit.Benchmarks.Hops;

/// <summary>The limit of every hop: bytes sent to another process over a Unix socket, which sends them back. Nothing is encoded.</summary>
internal sealed class RawSocket : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("flowkit-bench-").FullName;
    private readonly Process _peer;
    private readonly Socket _socket = NewSocket();

    private RawSocket() => _peer = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, Arguments()) { RedirectStandardOutput = true })!;

    private string Address => Path.Combine(_folder, "s");

    public static async Task<RawSocket> StartAsync()
    {
        var raw = new RawSocket();
        await raw._peer.StandardOutput.ReadLineAsync();
        await raw._socket.ConnectAsync(new UnixDomainSocketEndPoint(raw.Address));
        return raw;
    }

    /// <summary>The other process: answers until the connection ends.</summary>
    public static int Serve(string address)
    {
        using var listener = NewSocket();
        listener.Bind(new UnixDomainSocketEndPoint(address));
        listener.Listen();
        Console.WriteLine("ready");
        using var connection = listener.Accept();
        var buffer = new byte[4 << 20];
        while (TryReceive(connection, buffer.AsSpan(0, 4)))
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(buffer);
            if (!TryReceive(connection, buffer.AsSpan(4, length)))
            {
                break;
            }

            Send(connection, buffer.AsSpan(0, length + 4));
        }

        return 0;
    }

    /// <summary>One round trip.</summary>
    public void Ask(byte[] frame)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - 4);
        Send(_socket, frame);
        TryReceive(_socket, frame);
    }

    public void Dispose()
    {
        _socket.Dispose();
        _peer.WaitForExit();
        _peer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private string[] Arguments()
    {
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(RawSocket).Assembly.Location] : [];
        return [.. program, "hop-peer", Address];
    }

    private static void Send(Socket socket, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[socket.Send(bytes)..];
        }
    }

    private static bool TryReceive(Socket socket, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            if (socket.Receive(bytes) is not (> 0 and var read))
            {
                return false;
            }

            bytes = bytes[read..];
        }

        return true;
    }
}
