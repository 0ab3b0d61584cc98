namespace FlowKit;

/// <summary>The forms that may stand behind an operator.</summary>
internal enum OperandForm
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A number, text or a flag.</summary>
    Scalar,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A list.</summary>
    List,

    /// <summary>A whole number from 0.</summary>
    Size,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>A circle on the earth.</summary>
    Circle,

    /// <summary>A regular expression.</summary>
    Pattern,
}
