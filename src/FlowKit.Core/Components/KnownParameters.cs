using System.Collections.Frozen;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace FlowKit.Components;

/// <summary>Tells which of a request's parameters a method reads.</summary>
internal static class KnownParameters
{
    /// <summary>The names that a method reads, in any case of their letters; <see langword="null"/> when it may read any.</summary>
    /// <param name="method">The method, which may take <see cref="Parameters"/> beside a class.</param>
    /// <param name="type">The class that they are bound to; <see langword="null"/> when there is none.</param>
    public static FrozenSet<string>? Of(MethodInfo method, Type? type)
    {
        if (method.GetParameters().Any(parameter => parameter.ParameterType == typeof(Parameters) && DeclaredBy(parameter) is null))
        {
            return null;
        }

        if (type is null)
        {
            return FrozenSet<string>.Empty;
        }

        try
        {
            var options = Parameters.Json.For(type);
            var properties = (options.TypeInfoResolver ?? new DefaultJsonTypeInfoResolver()).GetTypeInfo(type, options)!.Properties;
            return properties.Any(property => property.IsExtensionData)
                ? null
                : properties.Select(property => property.Name).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // A class that the serializer cannot read fails the request where it is bound, with the reason.
            return null;
        }
    }

    /// <summary>The class that stands for an untyped parameter; an override without the attribute has that of what it overrides.</summary>
    public static Type? DeclaredBy(ParameterInfo parameter) =>
        ((ReadsAttribute?)Attribute.GetCustomAttribute(parameter, typeof(ReadsAttribute), inherit: true))?.Type;
}
