// Which cell of a matrix holds.
//
// Source: specification, calculation 7.

#ifndef LEDGER_PLAN_MATRIX_H_
#define LEDGER_PLAN_MATRIX_H_

#include "ledger/money/rational.h"
#include "ledger/plan/payout.h"

namespace payfold {

// From 1, as in the element's name: row 2 and column 3 are "cell2.3".
struct MatrixPlace {
  int row = 1;
  int column = 1;

  friend bool operator==(const MatrixPlace&, const MatrixPlace&) = default;
};

// The place of x of the rows and of the columns, each the measure or, on an axis
// with a target, its attainment. An edge belongs to the upper band.
MatrixPlace PlaceAt(const Matrix& matrix, const Rational& row, const Rational& column);

// The cell there. REQUIRES: the matrix is one that compiled.
const Matrix::Cell& CellAt(const Matrix& matrix, const Rational& row, const Rational& column);

}  // namespace payfold

#endif  // LEDGER_PLAN_MATRIX_H_
