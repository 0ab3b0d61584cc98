namespace FlowKit.Runtime.Properties;

/// <summary>What one executor of a trial does with a call, and what it notices.</summary>
internal sealed class MarkingWork(FlowTrial trial) : IDisposable
{
    private int _calls;
    private int _disposals;

    public int Disposals => Volatile.Read(ref _disposals);

    public void Dispose() => Interlocked.Increment(ref _disposals);

    public async Task<DocumentArray?> RunAsync(ExecutorContext context, DocumentArray documents, Parameters parameters, bool writes, CancellationToken cancellationToken)
    {
        var number = FlowPlan.NumberOf(context.Name);
        var node = trial.Plan.Nodes[number];
        var places = documents.Select(DocumentPlace.Of).ToList();
        new CallCheck(trial, context, number).Check(documents, places, parameters.Get("k", 0), writes);
        Check(Interlocked.Increment(ref _calls) == 1, $"{context.Name} was called by two at once");
        Check(Disposals == 0, $"{context.Name} was called when it had been disposed");
        using var turn = trial.Begin(number, context.ShardId, writes);
        try
        {
            await new CallTrouble(trial, number, writes).MeetAsync(places);
            await WorkAsync(node, cancellationToken);
            Mark(context.Name, number, documents, places);
            return node.Returns ? new DocumentArray(documents) : null;
        }
        finally
        {
            Interlocked.Decrement(ref _calls);
        }
    }

    private static async Task WorkAsync(NodePlan node, CancellationToken cancellationToken)
    {
        if (node.Slow > 0)
        {
            await Task.Delay(node.Slow, node.IsStubborn ? CancellationToken.None : cancellationToken);
        }
    }

    private void Mark(string name, int number, DocumentArray documents, List<DocumentPlace> places)
    {
        for (var i = 0; i < documents.Count; i++)
        {
            if (trial.Plan.Nodes[number].Trouble == Trouble.Fails && trial.IsPoison(number, places[i]))
            {
                trial.Ledger.Heartbeat(number, places[i]);
                trial.Ledger.Doom(number, places[i]);
                documents[i].Fail(FlowErrorCode.InvalidArgument, CallTrouble.Message);
                continue;
            }

            trial.Ledger.Visit(number, places[i]);
            Check(documents[i].Scores.TryAdd(name, new NamedScore(1)), $"{name} met document {places[i].Id} for the second time");
        }
    }

    private void Check(bool holds, string problem)
    {
        if (!holds)
        {
            trial.Ledger.Report(problem);
        }
    }
}
