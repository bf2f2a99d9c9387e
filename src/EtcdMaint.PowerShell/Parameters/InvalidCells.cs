using System.Globalization;
using System.Management.Automation;
using System.Reflection;

namespace EtcdMaint.Cmdlets;

/// <summary>
/// Finds the cells of a record that are no value of their column. PowerShell binds the rest of the record and ignores
/// such a cell without a message, so a misspelled ring or quota would have the same effect as none.
/// </summary>
internal sealed class InvalidCells
{
    private readonly List<(string Column, Type Type)> _columns = [];

    /// <param name="cmdlet">The type of the cmdlet that reads the records.</param>
    public InvalidCells(Type cmdlet)
    {
        foreach (PropertyInfo property in cmdlet.GetProperties())
        {
            Type type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            bool isColumn = property
                .GetCustomAttributes<ParameterAttribute>()
                .Any(parameter => parameter.ValueFromPipelineByPropertyName);
            if (isColumn && (type.IsEnum || type == typeof(int) || type == typeof(long)))
                _columns.Add((property.Name, type));
        }
    }

    /// <exception cref="EtcdException">A cell cannot be converted (<c>CellInvalid</c>).</exception>
    public void Check(PSObject record)
    {
        foreach ((string column, Type type) in _columns)
        {
            object? cell = record.Properties[column]?.Value;
            if (
                !string.IsNullOrWhiteSpace(cell?.ToString())
                && !LanguagePrimitives.TryConvertTo(cell, type, CultureInfo.InvariantCulture, out _)
            )
                throw InputErrors.CellInvalid(column, cell.ToString()!, type);
        }
    }
}
