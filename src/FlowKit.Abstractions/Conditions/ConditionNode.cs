namespace FlowKit.Configuration.Conditions;

/// <summary>A part of a condition.</summary>
internal abstract class ConditionNode
{
    /// <summary>Tells whether it holds for a document.</summary>
    public abstract bool Holds(Document document);
}
