using System.Collections.ObjectModel;
using System.Runtime.CompilerServices;

namespace EtcdMaint;

/// <summary>
/// The values of a property that can have several values, such as the armed alarms of a member. The list cannot be
/// changed. In PowerShell it is used like an array. As text, in a CSV file for example, it shows its values, where an
/// array would show only its type.
/// </summary>
/// <typeparam name="T">The type of the values.</typeparam>
[CollectionBuilder(typeof(EtcdList), nameof(EtcdList.Create))]
public sealed class EtcdList<T> : ReadOnlyCollection<T>
{
    internal EtcdList(T[] values)
        : base(values) { }

    /// <summary>The number of values, under the name that arrays use.</summary>
    public int Length => Count;

    /// <summary>Returns the values as an array.</summary>
    /// <param name="list">The list.</param>
    public static implicit operator T[](EtcdList<T> list) => [.. list];

    /// <summary>Returns the values as a list that cannot be changed.</summary>
    /// <param name="values">The values.</param>
    public static implicit operator EtcdList<T>(T[] values) => new([.. values]);

    /// <summary>The values, separated by a comma and a space.</summary>
    public override string ToString() => string.Join(", ", this);
}

/// <summary>Creates lists from collection expressions.</summary>
public static class EtcdList
{
    /// <summary>Creates a list with these values.</summary>
    /// <typeparam name="T">The type of the values.</typeparam>
    /// <param name="values">The values.</param>
    public static EtcdList<T> Create<T>(ReadOnlySpan<T> values) => new(values.ToArray());
}
