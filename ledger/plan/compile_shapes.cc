// Curves and matrices.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/plan/compile_parts.h"
#include "ledger/plan/measure_range.h"

namespace payfold {
namespace {

Curve::Point CompilePoint(const v1::CurvePoint& point, const std::string& path,
                          Findings* findings) {
  Curve::Point result;
  const auto read = [&](const std::string& text, absl::string_view name) -> Rational {
    const std::string here = Child(path, name);
    if (text.empty()) {
      findings->Error(here, "is required: a point is {attainment: 100%, multiple: 1}");
      return 0;
    }
    return findings->ReadShare(text, here).value_or(0);
  };
  result.attainment = read(point.attainment(), "attainment");
  result.multiple = read(point.multiple(), "multiple");
  return result;
}

// Edges in the unit of the axis, ascending.
std::vector<Rational> CompileEdges(const v1::MatrixAxis& axis, const Measure* measure,
                                   const std::string& path, Compilation* c) {
  std::vector<Rational> edges;
  const std::string list = Child(path, "edges");
  if (axis.edges().empty()) {
    c->findings.Warning(list, "is empty: all falls in one band; give edges, as in [50%, 100%]");
  }
  MeasureRange range;
  if (measure != nullptr && !axis.has_target()) {
    range = RangeOf(*measure, AroundComponent(*c).period);
  }
  for (int i = 0; i < axis.edges_size(); ++i) {
    const std::string here = Element(list, i);
    const std::optional<Rational> edge =
        ReadEdge(axis.edges(i), axis.has_target(), measure, here, c);
    if (!edge.has_value()) continue;
    if (!edges.empty() && *edge <= edges.back()) {
      c->findings.Error(here, absl::StrCat(axis.edges(i), " is not above ", edges.back().ToText(9),
                                           ", the edge before: edges ascend"));
    }
    if (range.high.has_value() && *edge > *range.high) {
      c->findings.Warning(here, absl::StrCat("can never be reached: what is measured is at most ",
                                             range.high->ToText(9)));
    }
    edges.push_back(*edge);
  }
  return edges;
}

Matrix::Axis CompileAxis(bool is_given, const v1::MatrixAxis& axis, const std::string& path,
                         Compilation* c) {
  Matrix::Axis result;
  if (!is_given) {
    c->findings.Error(path, "is required: {measure, target, edges}");
    return result;
  }
  std::optional<Measure> given;
  const Measure* measure =
      CompileOrOwn(axis.has_measure(), axis.measure(), Child(path, "measure"), c, &given);
  if (axis.has_target()) {
    result.target = CompileTarget(axis.target(), {.measure = measure}, Child(path, "target"), c);
  }
  result.edges = CompileEdges(axis, measure, path, c);
  if (measure != nullptr) result.measure = *measure;
  return result;
}

Matrix::Cell CompileCell(const v1::MatrixCell& cell, const std::string& path, Compilation* c) {
  Matrix::Cell result;
  switch (cell.pay_case()) {
    case v1::MatrixCell::kFixed:
      result.value = CompileMoney(cell.fixed(), Child(path, "fixed"), &c->findings);
      c->seen.fixed = true;
      break;
    case v1::MatrixCell::kMultiple:
      result.pay = Matrix::Cell::Pay::kMultiple;
      result.value = CompileMultiple(cell.multiple(), Child(path, "multiple"), &c->findings);
      break;
    case v1::MatrixCell::kRate:
      result.pay = Matrix::Cell::Pay::kRate;
      result.value = CompileRate(cell.rate(), Child(path, "rate"), &c->findings);
      if (!c->source().has_measure()) {
        c->findings.Error(Child(path, "rate"),
                          "is of the component's measure, and it has none: add `measure`, or use "
                          "fixed or multiple");
      }
      break;
    case v1::MatrixCell::PAY_NOT_SET:
      c->findings.Error(path, "pays nothing: give one of fixed, multiple, rate (fixed: 0 pays 0)");
      break;
  }
  return result;
}

std::string Lacks(int found, int wanted, absl::string_view what, absl::string_view axis) {
  return absl::StrCat("has ", found, " ", what, ", but ", wanted - 1, " edges of the ", axis,
                      " make ", wanted, " bands: give ", wanted);
}

}  // namespace

Curve CompileCurve(const v1::Curve& curve, const std::string& path, Compilation* c) {
  Curve result;
  result.extend = curve.beyond() == v1::Curve::EXTEND;
  if (!c->source().has_target()) {
    c->findings.Error(path,
                      "pays by attainment, measure / target, and the component has no target: add "
                      "`target`, as in target: {quota: {metric: bookings}}");
  }
  const std::string list = Child(path, "points");
  if (curve.points().empty()) {
    c->findings.Error(list,
                      "has no point: give at least one, as in {attainment: 100%, multiple: 1}");
  }
  for (int i = 0; i < curve.points_size(); ++i) {
    const std::string here = Element(list, i);
    Curve::Point point = CompilePoint(curve.points(i), here, &c->findings);
    const size_t n = result.points.size();
    if (n > 0 && point.attainment < result.points[n - 1].attainment) {
      c->findings.Error(Child(here, "attainment"), absl::StrCat(curve.points(i).attainment(),
                                                                " is below that of the point "
                                                                "before: points ascend"));
    } else if (n > 1 && point.attainment == result.points[n - 2].attainment) {
      c->findings.Warning(
          Element(list, i - 1),
          "has no effect: of points at one attainment the first and the last count");
    }
    result.points.push_back(std::move(point));
  }
  const bool is_flat =
      result.points.empty() || result.points.front().attainment == result.points.back().attainment;
  if (result.extend && is_flat) {
    c->findings.Error(Child(path, "beyond"),
                      "EXTEND follows the line through two points at different attainments: give "
                      "two, or use FLAT");
  }
  return result;
}

Matrix CompileMatrix(const v1::Matrix& matrix, const std::string& path, Compilation* c) {
  Matrix result;
  result.rows = CompileAxis(matrix.has_rows(), matrix.rows(), Child(path, "rows"), c);
  result.columns = CompileAxis(matrix.has_columns(), matrix.columns(), Child(path, "columns"), c);
  const std::string list = Child(path, "cells");
  const int rows = matrix.rows().edges_size() + 1;
  const int columns = matrix.columns().edges_size() + 1;
  if (matrix.cells_size() != rows) {
    c->findings.Error(list, Lacks(matrix.cells_size(), rows, "rows", "rows"));
  }
  for (int i = 0; i < matrix.cells_size(); ++i) {
    const std::string row = Element(list, i);
    const v1::MatrixRow& cells = matrix.cells(i);
    if (cells.cells_size() != columns) {
      c->findings.Error(row, Lacks(cells.cells_size(), columns, "cells", "columns"));
    }
    result.cells.emplace_back();
    for (int j = 0; j < cells.cells_size(); ++j) {
      result.cells.back().push_back(
          CompileCell(cells.cells(j), Element(Child(row, "cells"), j), c));
    }
  }
  return result;
}

}  // namespace payfold
