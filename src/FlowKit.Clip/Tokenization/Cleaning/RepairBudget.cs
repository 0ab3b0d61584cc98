namespace FlowKit.Clip.Tokenization.Cleaning;

/// <summary>The characters that the repair of one text may look at, so that no text makes it go round for ever.</summary>
/// <remarks>
/// ftfy goes on until nothing changes: entities within entities, or bytes that make the next pair only once the last is mended, cost
/// it the square of the length. Nothing that people wrote needs more than a few rounds, and a text of some hundred characters has all it
/// could take.
/// </remarks>
/// <param name="length">The length of the text.</param>
internal sealed class RepairBudget(int length)
{
    private const int Rounds = 32;
    private const int MinLimit = 65_536;

    private readonly long _limit = ((long)Rounds * length) + MinLimit;

    /// <summary>The characters looked at so far.</summary>
    internal long Spent { get; private set; }

    /// <summary>Takes a look at so many characters, if as many are left.</summary>
    internal bool TrySpend(int characters)
    {
        if (Spent + characters > _limit)
        {
            return false;
        }

        // An empty text counts too: it is a step all the same.
        Spent += characters + 1;
        return true;
    }
}
