using System.Runtime.InteropServices;

/// <summary>Does what an executor should not, when it is asked to.</summary>
public sealed class Wild : Executor
{
    private readonly List<byte[]> _kept = [];
    private readonly string _atStart;

    public Wild(string atStart = "")
    {
        _atStart = atStart;
        if (atStart == "throw")
        {
            throw new InvalidOperationException("no model in this folder");
        }
    }

    public override async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_atStart == "exit")
        {
            Console.WriteLine("reading the configuration");
            Console.Error.WriteLine("the licence has expired");
            Environment.Exit(3);
        }

        if (_atStart == "hang")
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    [Requests("/echo")]
    public void Echo(DocumentArray docs)
    {
        foreach (var doc in docs)
        {
            doc.Text = $"{doc.Text} from {Environment.ProcessId}";
        }
    }

    [Requests("/slow")]
    public async Task Slow(DocumentArray docs, CancellationToken cancellationToken)
    {
        await Task.Delay(30, cancellationToken);
        Echo(docs);
    }

    [Requests("/nap")]
    public async Task Nap(CancellationToken cancellationToken) => await Task.Delay(3000, cancellationToken);

    [Requests("/where")]
    public object Where() => new { process = Environment.ProcessId, name = Context.Name, replica = Context.ReplicaId, shard = Context.ShardId, folder = Directory.GetCurrentDirectory(), workspace = Context.Workspace, mode = Environment.GetEnvironmentVariable("MODE") };

    [Requests("/throw")]
    public void Throw() => throw new FlowKitException(FlowErrorCode.InvalidArgument, "this picture has no pixels");

    [Requests("/ticks")]
    public async IAsyncEnumerable<Document> Ticks(DocumentArray docs, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            for (var tick = 0; ; tick++)
            {
                yield return new Document($"{tick}") { Text = $"{docs.Count} at {Environment.ProcessId}" };
                await Task.Delay(20, cancellationToken);
            }
        }
        finally
        {
            Console.WriteLine("the ticks have ended");
        }
    }

    [Requests("/breaks")]
    public async IAsyncEnumerable<Document> Breaks()
    {
        yield return new Document("first");
        await Task.Yield();
        throw new InvalidOperationException("no more");
    }

    [Requests("/unforeseen")]
    public void Unforeseen() => throw new InvalidOperationException("not foreseen");

    [Requests("/fail")]
    public void Fail(DocumentArray docs) => docs[0].Fail(FlowErrorCode.InvalidArgument, "this one alone");

    [Requests("/exit")]
    public void Exit() => Environment.Exit(7);

    [Requests("/overflow")]
    public int Overflow() => Deeper(1);

    [Requests("/hang")]
    public void Hang() => Thread.Sleep(Timeout.Infinite);

    [Requests("/patient")]
    public void Patient(CancellationToken cancellationToken) => cancellationToken.WaitHandle.WaitOne();

    [Requests("/spin")]
    public void Spin()
    {
        while (true)
        {
        }
    }

    [Requests("/leak")]
    public void Leak()
    {
        var bytes = new byte[16 << 20];
        while (true)
        {
            Marshal.Copy(bytes, 0, Marshal.AllocHGlobal(bytes.Length), bytes.Length);
            Thread.Sleep(10);
        }
    }

    [Requests("/heap")]
    public void Heap()
    {
        try
        {
            while (true)
            {
                _kept.Add(new byte[16 << 20]);
                _kept[^1].AsSpan().Fill(1);
            }
        }
        finally
        {
            _kept.Clear();
        }
    }

    [Requests("/flood")]
    public void Flood()
    {
        var line = new string('x', 1000);
        for (var count = 0; count < 50_000; count++)
        {
            Console.WriteLine(line);
        }

        Console.Write(new string('y', 1_000_000));
        Console.WriteLine();
        Console.Error.WriteLine("the flood is over");
    }

    private static int Deeper(int depth) => depth == 0 ? 0 : Deeper(depth + 1) + 1;
}
