namespace FlowKit.Runtime.Properties;

/// <summary>The trouble of one call, told to the ledger before it strikes: always before the first mark is set.</summary>
internal sealed class CallTrouble(FlowTrial trial, int number, bool writes)
{
    public const string Message = "drawn trouble";

    private const int Flickers = 3;
    private readonly NodePlan _node = trial.Plan.Nodes[number];

    public async Task MeetAsync(List<DocumentPlace> places)
    {
        var call = trial.Ledger.Call(number);
        switch (_node.Trouble)
        {
            case Trouble.Throws or Trouble.Refuses or Trouble.Cancels when places.Exists(place => trial.IsPoison(number, place)):
                throw Poisoned(places);
            case Trouble.Flickers when call <= Flickers:
                throw Unavailable(places);
            case Trouble.Hangs when call == 1:
                await trial.Ended;
                break;
            case Trouble.Lingers when call == 1:
                await Task.Delay(_node.Timeout!.Value * 3, CancellationToken.None);
                break;
        }
    }

    /// <summary>In a batch up to two poisoned documents fail alone; more may cost the others their turn.</summary>
    private Exception Poisoned(List<DocumentPlace> places)
    {
        var poisoned = places.FindAll(place => trial.IsPoison(number, place));
        var touched = _node.Batching is null || poisoned.Count > 2 ? places : poisoned;
        touched.ForEach(place => trial.Ledger.Heartbeat(number, place));
        poisoned.ForEach(place => trial.Ledger.Doom(number, place));
        if (_node.Trouble == Trouble.Refuses)
        {
            return new FlowKitException(FlowErrorCode.InvalidArgument, Message);
        }

        return _node.Trouble == Trouble.Throws ? new InsufficientExecutionStackException(Message) : new OperationCanceledException(Message);
    }

    /// <summary>What only reads is tried again, and a batch in halves: then nobody is to notice.</summary>
    private FlowKitException Unavailable(List<DocumentPlace> places)
    {
        if (_node.Batching is null ? writes : places.Count <= 1)
        {
            places.ForEach(place => trial.Ledger.Heartbeat(number, place));
            if (places.Count == 0)
            {
                trial.Ledger.FailEmpty(number);
            }
        }

        return new FlowKitException(FlowErrorCode.Unavailable, Message);
    }
}
